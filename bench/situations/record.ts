import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDemo, type Demo } from '../../src/demo/start.ts';
import { findPhase } from '../../src/plan/resolve.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { spawnChild } from '../../src/process/child.ts';
import { makeTempFolder } from '../../src/process/temp-folder.ts';
import { readRun } from '../../src/run/read.ts';
import { SITUATIONS } from './catalogue.ts';
import { keep } from './recording.ts';
import type { Situation } from './situation.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Reference, ramp, warm-up and draining, and the start of the command: whatever takes longer hangs. */
const MOST_SECONDS = 90;

/** Puts real load on real servers for each situation whose name begins with one of `wanted`, and keeps the runs. */
export async function record(wanted: readonly string[], say: (line: string) => void): Promise<void> {
  const chosen = SITUATIONS.filter(({ name }) => wanted.length === 0 || wanted.some((one) => name.startsWith(one)));
  if (chosen.length === 0) throw new Error(`There are: ${SITUATIONS.map(({ name }) => name).join(', ')}.`);
  for (const [index, situation] of chosen.entries()) {
    say(`${index + 1} of ${chosen.length}: ${situation.name}`);
    const { file, bytes } = await recordOne(situation);
    say(`  ${file.slice(ROOT.length + 1)} (${Math.round(bytes / 1000)} kB)`);
  }
}

async function recordOne(situation: Situation): Promise<{ file: string; bytes: number }> {
  const folder = await makeTempFolder('recording');
  const plan = await loadPlan(situation.application, { cwd: ROOT });
  const { architecture } = findPhase(plan, situation.phase);
  try {
    const demo = await startDemo({ application: situation.application, bottleneck: situation.demo, architecture: architecture ?? null, folder: folder.path, logFolder: folder.path, report: () => {} });
    try {
      const output = join(folder.path, 'runs');
      const beganAtMs = await underLoad(situation, demo, output);
      const [run] = readdirSync(output);
      if (run === undefined) throw new Error(`${situation.name}: no run was kept`);
      const path = join(output, run);
      const { startedAtMs } = await readRun(path);
      return keep(path, {
        name: situation.name, label: [...situation.label], because: situation.because,
        onsetSecond: beganAtMs === null ? null : Math.round((beganAtMs - startedAtMs) / 1000),
        recordedAt: new Date(startedAtMs).toISOString(), machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`,
      });
    } finally {
      await demo.stop();
    }
  } finally {
    await folder.dispose();
  }
}

/** Runs the command itself, as a user would, and the fault beside it. Answers when the fault began. */
async function underLoad({ application, phase, judgedSeconds, flags = [], fault, name }: Situation, demo: Demo, output: string): Promise<number | null> {
  const child = spawnChild(process.execPath, [
    join(ROOT, 'bin/scaleplan.js'), 'test', '--plan', application, '--phase', phase, '--suite', 'load', '--duration', `${judgedSeconds}s`,
    '--target', demo.url, '--probe', ...demo.probes.map(({ kind, address }) => `${kind}=${address}`), '--reporter', 'json', '--output', output, '--quiet', ...flags,
  ], { readLines: false });
  let undo: (() => Promise<void>) | null = null;
  let beganAtMs: number | null = null;
  const limit = AbortSignal.timeout((judgedSeconds + MOST_SECONDS) * 1000);
  const onLimit = (): void => void child.stop(1000);
  limit.addEventListener('abort', onLimit, { once: true });
  try {
    if (fault !== undefined) {
      await Promise.race([sleep(fault.afterSeconds * 1000, null, { ref: false }), child.exited]);
      beganAtMs = Date.now();
      undo = await fault.begin(demo);
    }
    const { code } = await child.exited;
    if (code === null || code === 2) throw new Error(`${name}: the run was not carried out\n${child.stderrTail()}`);
    return beganAtMs;
  } finally {
    limit.removeEventListener('abort', onLimit);
    await undo?.();
    await child.stop(1000);
  }
}
