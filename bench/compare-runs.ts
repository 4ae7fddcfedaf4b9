/** The real runs and duets that the bench of comparisons rests on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Run } from '../src/model/run.ts';
import { freePort } from '../src/process/free-port.ts';
import { readRun } from '../src/run/read.ts';

const ROOT = join(import.meta.dirname, '..');
const PLAN = ['--plan', join(import.meta.dirname, 'compare-plan.yaml'), '--phase', '1', '--suite', 'unit'];
/** Pairs of the base with its twin, and as many with the slower version. */
const PAIRS = 12;
const DUETS = 20;
const AT_ONCE = 4;

export async function makeRuns(): Promise<{ base: Run[]; twin: Run[]; slower: Run[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'scaleplan-bench-'));
  const servers = await Promise.all([startServer(1), startServer(1), startServer(1.1)]);
  try {
    const [base, twin, slower] = servers.map(({ url }) => url);
    for (const head of [twin, slower]) await program(['compare', '--runs', String(PAIRS), '--base-target', base ?? '', '--head-target', head ?? '', ...PLAN, '--duration', '11s', '-q'], folder);
    const runs: Run[] = [];
    for (const name of readdirSync(join(folder, 'reports'))) runs.push(await readRun(join(folder, 'reports', name)));
    const of = (url: string | undefined): Run[] => runs.filter((run) => run.target.url === url);
    return { base: of(base), twin: of(twin), slower: of(slower) };
  } finally {
    for (const { stop } of servers) stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface MadeDuet {
  readonly isWorse: boolean;
  /** The generator could not keep up: a user would be told so, and the result does not count for him. */
  readonly isInvalid: boolean;
  readonly seconds: number;
}

export async function makeDuets(factor: number): Promise<MadeDuet[]> {
  const made: MadeDuet[] = [];
  while (made.length < DUETS) made.push(...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, DUETS - made.length) }, () => makeDuet(factor)))));
  return made;
}

async function makeDuet(factor: number): Promise<MadeDuet> {
  const folder = mkdtempSync(join(tmpdir(), 'scaleplan-bench-'));
  const servers = await Promise.all([startServer(1), startServer(factor)]);
  try {
    const began = performance.now();
    const { out, code } = await program(['duet', servers[0].url, servers[1].url, ...PLAN, '--json', '-q'], folder);
    const { differences } = JSON.parse(out) as { differences: { status: string }[] };
    return { isWorse: differences.some(({ status }) => status === 'worse'), isInvalid: code === 3, seconds: (performance.now() - began) / 1000 };
  } finally {
    for (const { stop } of servers) stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startServer(factor: number): Promise<{ url: string; stop: () => void }> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'compare-server.ts'), String(port), String(factor)], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return { url: `http://127.0.0.1:${port}`, stop: () => { child.stdin.end(); } };
}

async function program(args: readonly string[], cwd: string): Promise<{ out: string; code: number | null }> {
  const child = spawn(process.execPath, [join(ROOT, 'bin/scaleplan.js'), ...args], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { out += chunk; });
  const [code] = (await once(child, 'close')) as [number | null]; // as ChildProcess documents it
  return { out, code };
}
