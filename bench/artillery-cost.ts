/** CPU time of a run under the artillery engine against bare `artillery run`, in pairs ABBA. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findArtillery } from '../src/engines/artillery/installed.ts';
import { artilleryPhases } from '../src/engines/artillery/phases.ts';
import type { OpenStage } from '../src/model/load.ts';
import { constant, runScript, script } from '../test/engines/artillery/run-script.ts';
import { startBehavingServer } from '../test/engines/behaving-server.ts';
import { cpuSeconds } from './machine.ts';
import { median, type Table } from './table.ts';

/** What the engine may add to bare artillery's CPU time. */
const MOST_EXTRA = 0.03;
const ROUNDS = 4;
const FLOW = Array.from({ length: 4 }, (_, index) => `      - get: {url: "/${index}"}`).join('\n');

/**
 * artillery's timers spin between arrivals and so hide any cost. In the first case they rarely do; in the second, arrivals are asked
 * for that cannot be made, so that nothing is left to spin: fixed work, all of it visible.
 */
const CASES: readonly { readonly name: string; readonly stage: OpenStage }[] = [
  { name: '40 requests/s, 12 s', stage: constant(10, 12) },
  { name: '10,000 requests, flat out', stage: constant(2500, 1) },
];

interface CostRow {
  readonly name: string;
  /** CPU seconds, user and system, medians; ours includes the driver. */
  readonly bareSeconds: number;
  readonly oursSeconds: number;
  /** Median of the paired ratios, minus 1. */
  readonly extra: number;
  readonly extras: readonly number[];
  readonly isWithin: boolean;
}

async function run(): Promise<readonly CostRow[]> {
  const rows: CostRow[] = [];
  for (const each of CASES) rows.push(await compare(each.name, each.stage));
  return rows;
}

async function compare(name: string, stage: OpenStage): Promise<CostRow> {
  const bare: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const order = round % 2 === 0 ? [runBare, runOurs] : [runOurs, runBare];
    for (const runOne of order) {
      await using server = await startBehavingServer({ delayMs: 5 });
      const before = await cpuSeconds('self');
      await runOne(server.url, stage);
      (runOne === runBare ? bare : ours).push(await cpuSeconds('self') - before);
    }
  }
  const extras = ours.map((seconds, index) => seconds / (bare[index] ?? Number.NaN) - 1);
  const extra = median(extras);
  return { name, bareSeconds: median(bare), oursSeconds: median(ours), extra, extras, isWithin: extra <= MOST_EXTRA };
}

async function runOurs(target: string, stage: OpenStage): Promise<void> {
  await runScript(script(FLOW), { target, stages: [stage], timeoutMs: 10_000 });
}

/** The same file, target and phases, by artillery alone. */
async function runBare(target: string, stage: OpenStage): Promise<void> {
  const found = await findArtillery();
  if (!('bin' in found)) throw new Error(found.reason);
  const folder = await mkdtemp(join(tmpdir(), 'artillery-bare-'));
  try {
    const file = join(folder, 'journeys.yaml');
    await writeFile(file, script(FLOW));
    const overrides = JSON.stringify({ config: { phases: artilleryPhases([stage], 1) } });
    const child = spawn(process.execPath, [found.bin, 'run', '--quiet', '--target', target, '--overrides', overrides, file], {
      env: { ...process.env, ARTILLERY_DISABLE_TELEMETRY: '1' }, stdio: 'ignore',
    });
    await once(child, 'exit');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function table(): Promise<Table> {
  const rows = await run();
  return {
    title: 'artillery: CPU time against bare artillery',
    head: ['load', 'bare', 'scaleplan', 'more (median of pairs)', 'pairs', `at most ${MOST_EXTRA * 100} %`],
    rows: rows.map(({ name, bareSeconds, oursSeconds, extra, extras, isWithin }) => [
      name, `${bareSeconds.toFixed(2)} s`, `${oursSeconds.toFixed(2)} s`, `${(extra * 100).toFixed(1)} %`, extras.map((share) => (share * 100).toFixed(0)).join(' '),
      // Pairs that differ by more than this among themselves say more of the machine than of the engine.
      isWithin ? 'within' : Math.max(...extras) - Math.min(...extras) > 0.15 ? 'machine busy' : 'OUTSIDE',
    ]),
  };
}
