/** What the artillery engine measures beside the server's own record. */
import { summarize } from '../test/engines/autocannon/measure.ts';
import { constant, runScript, script } from '../test/engines/artillery/run-script.ts';
import { truthTable, type TruthCase } from './truth.ts';

/** Journeys of two requests, the first of which opens the connection; a rate at which artillery's timers leave half a core. */
const ARRIVALS_PER_SEC = 20;
/** Left out, as the reference stage of a run is: until then artillery's code is being compiled. */
const WARM_UP_SECONDS = 4;

interface Case extends TruthCase {
  readonly seconds: number;
}

const CASES: readonly Case[] = [
  { name: 'constant 20 ms', behaviour: { delayMs: 20 }, seconds: 8 },
  { name: 'Connection: close', behaviour: { delayMs: 20, connectionClose: true }, seconds: 8 },
  { name: '1 in 50 ended (FIN)', behaviour: { delayMs: 20, drop: { every: 50, how: 'fin' } }, seconds: 8 },
  { name: '1 in 50 reset (RST)', behaviour: { delayMs: 20, drop: { every: 50, how: 'rst' } }, seconds: 8 },
  { name: 'body of 500 ms', behaviour: { delayMs: 5, bodyBytes: 10_000, pieces: { count: 10, overMs: 500 } }, seconds: 8 },
  // Short, so that p95 is in the middle of the requests that were held back and not among the last of a burst.
  { name: 'stall of 1 s', behaviour: { delayMs: 20, stall: { atMs: 6000, forMs: 1000 } }, seconds: 5 },
];

export function table(): ReturnType<typeof truthTable> {
  return truthTable({
    title: 'Latency of artillery against the server’s own record',
    cases: CASES, allowedShare: 0.01, allowedMs: 2,
    measure: async ({ seconds }, url, cpuMark) => {
      const all = await runScript(script('      - get: {url: "/a"}\n      - get: {url: "/b"}'), {
        target: url,
        stages: [constant(ARRIVALS_PER_SEC, WARM_UP_SECONDS + seconds)],
        onInterval: ({ second }) => {
          if (second === WARM_UP_SECONDS - 1 || second === WARM_UP_SECONDS + seconds - 1) cpuMark();
        },
      });
      // The same requests on both sides: the engine counts one in the second in which it ended.
      const fromMs = all.intervals[WARM_UP_SECONDS]?.startedAtMs ?? Number.NaN;
      return {
        all: all.requests,
        compared: summarize(all.intervals.filter(({ second }) => second >= WARM_UP_SECONDS)),
        isCompared: ({ arrivedAtMs, servedUs }) => servedUs !== null && arrivedAtMs + servedUs / 1000 >= fromMs,
      };
    },
  });
}
