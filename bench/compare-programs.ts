/** The servers and the command that the bench of comparisons starts: each in a process of its own, as a user has them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../src/process/free-port.ts';

export interface StartedServer {
  readonly url: string;
  readonly stop: () => void;
}

/** `factor` times as slow as the base. */
export async function startServer(factor: number): Promise<StartedServer> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'compare-server.ts'), String(port), String(factor)], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return { url: `http://127.0.0.1:${port}`, stop: () => { child.stdin.end(); } };
}

const PROGRAM = join(import.meta.dirname, '..', 'bin/scaleplan.js');
const PLAN = ['--plan', join(import.meta.dirname, 'compare-plan.yaml'), '--phase', '1', '--suite', 'load'];

/** Runs `scaleplan <args>` on the bench's plan in `cwd`. */
export async function scaleplan(args: readonly string[], cwd: string): Promise<{ readonly out: string; readonly code: number | null }> {
  const child = spawn(process.execPath, [PROGRAM, ...args, ...PLAN, '--quiet'], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { out += chunk; });
  const [code] = (await once(child, 'close')) as [number | null]; // as ChildProcess documents it
  return { out, code };
}
