/** CPU time of a run under the artillery engine against bare `artillery run`, in pairs ABBA. `node bench/artillery-cost.ts` prints it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findArtillery } from '../src/engines/artillery/installed.ts';
import { artilleryPhases } from '../src/engines/artillery/phases.ts';
import type { OpenStage } from '../src/model/load.ts';
import { constant, runScript, script } from '../test/engines/artillery/run-script.ts';
import { startBehavingServer } from '../test/engines/behaving-server.ts';

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

export interface CostRow {
  readonly name: string;
  /** CPU seconds, user and system, medians; ours includes the driver. */
  readonly bareSeconds: number;
  readonly oursSeconds: number;
  /** Median of the paired ratios, minus 1. */
  readonly extra: number;
  readonly extras: readonly number[];
  readonly isWithin: boolean;
}

export async function run(): Promise<readonly CostRow[]> {
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
      const before = await cpuSeconds();
      await runOne(server.url, stage);
      (runOne === runBare ? bare : ours).push(await cpuSeconds() - before);
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

/** User and system time of this process and of the children it has waited for (Linux: fields 14 to 17 of `stat`, in 1/100 s). */
async function cpuSeconds(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

export async function table(): Promise<{ title: string; head: string[]; rows: string[][] }> {
  const rows = await run();
  return {
    title: 'artillery: CPU time against bare artillery',
    head: ['load', 'bare', 'scaleplan', 'more (median of pairs)', `at most ${MOST_EXTRA * 100} %`],
    rows: rows.map(({ name, bareSeconds, oursSeconds, extra, isWithin }) => [
      name, `${bareSeconds.toFixed(2)} s`, `${oursSeconds.toFixed(2)} s`, `${(extra * 100).toFixed(1)} %`, isWithin ? 'within' : 'OUTSIDE',
    ]),
  };
}

if (import.meta.main) {
  for (const { name, bareSeconds, oursSeconds, extra, extras, isWithin } of await run()) {
    const each = extras.map((share) => `${(share * 100).toFixed(1)} %`).join(', ');
    console.log(`${name.padEnd(28)} bare ${bareSeconds.toFixed(2)} s CPU  ours ${oursSeconds.toFixed(2)} s  ${(extra * 100).toFixed(1)} % (${each})  ${isWithin ? 'within' : 'OUTSIDE'}`);
  }
}
