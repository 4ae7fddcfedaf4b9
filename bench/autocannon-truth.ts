/** Compares what the autocannon engine measures with the server's own record. `node bench/autocannon-truth.ts` prints it. */
import { cpus } from 'node:os';
import type { ClosedStage } from '../src/model/load.ts';
import { startBehavingServer, type Behaviour } from '../test/engines/behaving-server.ts';
import { load, measure } from '../test/engines/autocannon/measure.ts';

/** Beyond this the figures tell how the machine shares its cores, not how well is measured. */
const MOST_BUSY = 0.5;
const ATTEMPTS = 3;
/** The project's own limits for a figure at p95: the larger of the two. */
const ALLOWED_SHARE = 0.005;
const ALLOWED_MS = 0.5;

interface Case {
  readonly name: string;
  readonly behaviour: Behaviour;
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

export interface TruthRow {
  readonly name: string;
  readonly quantile: string;
  readonly serverMs: number;
  readonly measuredMs: number;
  readonly errorMs: number;
  readonly errorShare: number;
  /** Null where no limit is set: the limit is for p95. */
  readonly isWithin: boolean | null;
  /** Share of the machine's cores in use meanwhile, by whomever; above a half the figures are not to be judged. */
  readonly cpuBusy: number;
  /** Requests the engine counted minus requests the server saw. */
  readonly miscounted: number;
}

export async function run(): Promise<readonly TruthRow[]> {
  const rows: TruthRow[] = [];
  for (const each of CASES) rows.push(...await compareQuietly(each));
  return rows;
}

/** Tries again while the machine is busy with something else; gives the quietest attempt. */
async function compareQuietly(each: Case): Promise<TruthRow[]> {
  let best: TruthRow[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const rows = await compare(each);
    if (best.length === 0 || (rows[0]?.cpuBusy ?? 1) < (best[0]?.cpuBusy ?? 1)) best = rows;
    if ((best[0]?.cpuBusy ?? 1) <= MOST_BUSY) break;
  }
  return best;
}

async function compare({ name, behaviour, users, seconds }: Case): Promise<TruthRow[]> {
  await using server = await startBehavingServer(behaviour);
  const stage: ClosedStage = { name: 'sustain', judged: true, durationSeconds: seconds, users, enough: null };
  const before = cpuTimes();
  const measured = await measure(load(server.url, { shape: { model: 'closed', stages: [stage] } }));
  const after = cpuTimes();
  const cpuBusy = 1 - (after.idle - before.idle) / (after.all - before.all);
  const record = await server.record();
  const served = record.flatMap(({ servedUs }) => (servedUs === null ? [] : [servedUs / 1000])).sort((a, b) => a - b);
  return [0.5, 0.95, 0.99].map((q) => {
    const serverMs = served[Math.ceil(q * served.length) - 1] ?? Number.NaN;
    const measuredMs = measured.quantileMs(q);
    const errorMs = measuredMs - serverMs;
    return {
      name, quantile: `p${q * 100}`, serverMs, measuredMs, errorMs, errorShare: errorMs / serverMs,
      isWithin: q === 0.95 ? Math.abs(errorMs) <= Math.max(ALLOWED_MS, ALLOWED_SHARE * serverMs) : null,
      cpuBusy, miscounted: measured.requests - record.length,
    };
  });
}

function cpuTimes(): { idle: number; all: number } {
  let [idle, all] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    all += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, all };
}

/** For `npm run bench`. */
export async function table(): Promise<{ title: string; head: string[]; rows: string[][] }> {
  const rows = await run();
  return {
    title: 'Latency of autocannon against the server’s own record',
    head: ['behaviour', 'quantile', 'server ms', 'measured ms', 'off by', 'miscounted', 'CPUs busy', 'p95 within max(0.5 %, 0.5 ms)'],
    rows: rows.map((row) => [
      row.name, row.quantile, row.serverMs.toFixed(3), row.measuredMs.toFixed(3), `${row.errorMs.toFixed(3)} ms, ${(row.errorShare * 100).toFixed(2)} %`,
      String(row.miscounted), `${Math.round(row.cpuBusy * 100)} %`, row.isWithin === null ? '' : row.isWithin ? 'within' : 'OUTSIDE',
    ]),
  };
}
