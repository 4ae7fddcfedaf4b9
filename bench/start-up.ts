import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { execPath } from 'node:process';

const RUNS = 15;
/** A person takes no notice of less. */
const GOAL_MS = 120;

/** Wall time of `scaleplan --help` as a whole process against a Node that does nothing. */
export async function table(): Promise<{ title: string; head: string[]; rows: string[][] }> {
  const program = fileURLToPath(new URL('../bin/scaleplan.js', import.meta.url));
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let run = 0; run <= RUNS; run += 1) {
    const [a, b] = [timed([program, '--help']), timed(['-e', '0'])];
    // The first pair fills the caches of the disk and of compiled code.
    if (run > 0) { ours.push(a); bare.push(b); }
  }
  const [help, node] = [median(ours), median(bare)];
  return {
    title: 'Start-up',
    head: ['command', 'median', 'goal', ''],
    rows: [['`scaleplan --help`', `${help.toFixed(0)} ms`, `${GOAL_MS} ms`, help <= GOAL_MS ? 'within' : 'OUTSIDE'], ['a Node that does nothing', `${node.toFixed(0)} ms`, '', '']],
  };
}

function timed(args: readonly string[]): number {
  const started = performance.now();
  const { status } = spawnSync(execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${String(status)}`);
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
