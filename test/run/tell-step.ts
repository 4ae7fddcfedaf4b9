import { spawn } from 'node:child_process';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import type { StepAsked, StepTold } from './step-process.ts';

/** Runs a step in a program of its own, started by this command line of a shell (`"$@"` is the program). */
export async function tellStep(asked: StepAsked, shell = 'exec "$@"', env: Readonly<Record<string, string>> = {}): Promise<StepTold> {
  const script = fileURLToPath(new URL('./step-process.ts', import.meta.url));
  const child = spawn('/bin/sh', ['-c', shell, 'sh', execPath, script, JSON.stringify(asked)], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { text.out += chunk; });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { text.err += chunk; });
  await new Promise((resolve) => child.once('close', resolve));
  const line = text.out.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) throw new Error(`the step said nothing:\n${text.out}${text.err}`);
  return JSON.parse(line) as StepTold; // our own program
}
