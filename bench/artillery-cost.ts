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
import { measurePairs, ratiosOf, sayPairs, type Pairs } from './pairs.ts';
import { daysOf, isChosen, readResults } from './results.ts';
import { median, type Table } from './table.ts';

/** What the engine may add to bare artillery's CPU time. */
const MOST_EXTRA = 0.03;
const BENCH = 'cost-artillery';
/** A pair takes half a minute; `more` adds as many. */
const ROUNDS = 2;
const FLOW = Array.from({ length: 4 }, (_, index) => `      - get: {url: "/${index}"}`).join('\n');

/**
 * artillery's timers spin between arrivals and so hide any cost. In the first case they rarely do; in the second, arrivals are asked
 * for that cannot be made, so that nothing is left to spin: fixed work, all of it visible.
 */
const CASES: readonly { readonly key: string; readonly name: string; readonly stage: OpenStage }[] = [
  { key: 'artillery light', name: '40 requests/s, 12 s', stage: constant(10, 12) },
  { key: 'artillery flat out', name: '10,000 requests, flat out', stage: constant(2500, 1) },
];

export async function artilleryTable(pieces: readonly string[]): Promise<Table> {
  for (const { key, stage } of CASES) {
    if (!isChosen(key, pieces)) continue;
    await measurePairs(BENCH, { key, rounds: ROUNDS, pieces, bare: () => cpuOf(runBare, stage), ours: () => cpuOf(runOurs, stage) });
  }
  const kept = await readResults<Pairs>(BENCH);
  return {
    title: `artillery: CPU time against bare artillery${daysOf(kept)}`,
    head: ['load', 'bare', 'scaleplan, the driver included', 'more: median of pairs', 'middle half', `at most ${MOST_EXTRA * 100} %`],
    rows: CASES.flatMap((one) => kept.filter(({ key }) => key === one.key).map((pairs) => rowOf(one.name, pairs))),
  };
}

function rowOf(name: string, pairs: Pairs): string[] {
  const extras = ratiosOf(pairs).map((ratio) => ratio - 1);
  return [
    name, `${median(pairs.bare).toFixed(2)} s`, `${median(pairs.ours).toFixed(2)} s`, ...sayPairs(extras, (extra) => `${(extra * 100).toFixed(1)} %`),
    median(extras) <= MOST_EXTRA ? 'within' : 'OUTSIDE',
  ];
}

/** CPU seconds, user and system, of this process and of all that it has waited for. */
async function cpuOf(run: (target: string, stage: OpenStage) => Promise<void>, stage: OpenStage): Promise<number> {
  await using server = await startBehavingServer({ delayMs: 5 });
  const before = await cpuSeconds('self');
  await run(server.url, stage);
  return await cpuSeconds('self') - before;
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
