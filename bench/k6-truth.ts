/** What the k6 engine measures beside the server's own record, in both models. */
import { createK6 } from '../src/engines/k6/driver.ts';
import type { LoadShape } from '../src/model/load.ts';
import { load, measure, request, journey, scenario, summarize } from '../test/engines/autocannon/measure.ts';
import { truthTable, type TruthCase } from './truth.ts';

/** Left out, as the reference stage of a run is: until then connections are opened and code is loaded. */
const WARM_UP_SECONDS = 2;
/** Journeys of two requests, the first of which opens the connection; light enough to leave the CPUs half idle. */
const ARRIVALS_PER_SEC = 50;
const USERS = 4;

interface Case extends TruthCase {
  readonly model: LoadShape['model'];
  readonly seconds: number;
}

const CASES: readonly Case[] = (['open', 'closed'] as const).flatMap((model) => [
  { name: `${model}: constant 20 ms`, model, behaviour: { delayMs: 20 }, seconds: 8 },
  { name: `${model}: Connection: close`, model, behaviour: { delayMs: 20, connectionClose: true }, seconds: 8 },
  { name: `${model}: 1 in 50 ended (FIN)`, model, behaviour: { delayMs: 20, drop: { every: 50, how: 'fin' } }, seconds: 8 },
  { name: `${model}: 1 in 50 reset (RST)`, model, behaviour: { delayMs: 20, drop: { every: 50, how: 'rst' } }, seconds: 8 },
  { name: `${model}: body of 500 ms`, model, behaviour: { delayMs: 5, bodyBytes: 10_000, pieces: { count: 10, overMs: 500 } }, seconds: 8 },
  { name: `${model}: stall of 1 s`, model, behaviour: { delayMs: 20, stall: { atMs: 4000, forMs: 1000 } }, seconds: 6 },
]);

function shapeOf({ model, seconds }: Case): LoadShape {
  const stage = { name: 'sustain', judged: true, durationSeconds: WARM_UP_SECONDS + seconds } as const;
  return model === 'open'
    ? { model, stages: [{ ...stage, arrivalsPerSec: { from: ARRIVALS_PER_SEC, to: ARRIVALS_PER_SEC } }] }
    : { model, stages: [{ ...stage, users: USERS, enough: null }] };
}

export function table(): ReturnType<typeof truthTable> {
  const journeys = [journey('visit', [request('/a'), request('/b')])];
  const engine = createK6();
  return truthTable({
    title: 'Latency of k6 against the server’s own record',
    cases: CASES, allowedShare: 0.005, allowedMs: 0.5,
    measure: async (one, url, cpuMark) => {
      const all = await measure(load(url, { timeoutMs: 3000, scenario: scenario({ journeys }), shape: shapeOf(one) }), {
        engine,
        onInterval: ({ second }) => {
          if (second === WARM_UP_SECONDS - 1 || second === WARM_UP_SECONDS + one.seconds - 1) cpuMark();
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
