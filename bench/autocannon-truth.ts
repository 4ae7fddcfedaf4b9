/** What the autocannon engine measures beside the server's own record. */
import type { ClosedStage } from '../src/model/load.ts';
import { load, measure } from '../test/engines/autocannon/measure.ts';
import { truthTable, type TruthCase } from './truth.ts';

interface Case extends TruthCase {
  readonly users: number;
  readonly seconds: number;
}

const CASES: readonly Case[] = [
  { name: 'constant 20 ms', behaviour: { delayMs: 20 }, users: 4, seconds: 8 },
  { name: 'Connection: close', behaviour: { delayMs: 20, connectionClose: true }, users: 4, seconds: 8 },
  { name: '1 in 50 ended (FIN)', behaviour: { delayMs: 20, drop: { every: 50, how: 'fin' } }, users: 4, seconds: 8 },
  { name: '1 in 50 reset (RST)', behaviour: { delayMs: 20, drop: { every: 50, how: 'rst' } }, users: 4, seconds: 8 },
  { name: 'body of 500 ms', behaviour: { delayMs: 5, bodyBytes: 10_000, pieces: { count: 10, overMs: 500 } }, users: 8, seconds: 10 },
  { name: 'stall of 1 s', behaviour: { delayMs: 20, stall: { atMs: 3000, forMs: 1000 } }, users: 4, seconds: 8 },
];

export function table(): ReturnType<typeof truthTable> {
  return truthTable({
    title: 'Latency of autocannon against the server’s own record',
    cases: CASES, allowedShare: 0.005, allowedMs: 0.5,
    measure: async ({ users, seconds }, url, cpuMark) => {
      const stage: ClosedStage = { name: 'sustain', judged: true, durationSeconds: seconds, users, enough: null };
      cpuMark();
      const measured = await measure(load(url, { shape: { model: 'closed', stages: [stage] } }));
      cpuMark();
      return { all: measured.requests, compared: measured, isCompared: () => true };
    },
  });
}
