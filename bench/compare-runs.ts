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
const PAIRS = 16;
const DUETS = 20;
const AT_ONCE = 4;

export type RunPair = readonly [base: Run, head: Run];

export async function makeRuns(): Promise<{ same: RunPair[]; slower: RunPair[] }> {
  const servers = await Promise.all([startServer(1), startServer(1), startServer(1.1)]);
  try {
    const [base, twin, slower] = servers.map(({ url }) => url);
    return { same: await makePairs(base ?? '', twin ?? ''), slower: await makePairs(base ?? '', slower ?? '') };
  } finally {
    for (const { stop } of servers) stop();
  }
}

async function makePairs(base: string, head: string): Promise<RunPair[]> {
  const folder = mkdtempSync(join(tmpdir(), 'scaleplan-bench-'));
  try {
    await program(['compare', '--runs', String(PAIRS), '--base-target', base, '--head-target', head, ...PLAN, '--duration', '11s', '-q'], folder);
    return await readPairs(join(folder, 'reports'), base);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs of a folder, in the pairs they were made in. */
async function readPairs(folder: string, base: string): Promise<RunPair[]> {
  const runs: Run[] = [];
  for (const name of readdirSync(folder)) runs.push(await readRun(join(folder, name)));
  const sorted = runs.toSorted((a, b) => a.startedAtMs - b.startedAtMs);
  const sides = [sorted.filter(({ target }) => target.url === base), sorted.filter(({ target }) => target.url !== base)];
  return (sides[0] ?? []).flatMap((run, at) => (sides[1]?.[at] === undefined ? [] : [[run, sides[1][at]] as const]));
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
