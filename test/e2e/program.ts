import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';

const root = join(import.meta.dirname, '../..');
export const FIXTURES = join(import.meta.dirname, 'fixtures');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly seconds: number;
}

/** The real program in a process of its own, in an empty folder, with its output in pipes. */
export interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once stderr holds the text; rejects when the program ends before. */
  readonly says: (text: string | RegExp) => Promise<void>;
}

/** An empty working folder that is gone at the end of the block. */
export function workFolder(): { readonly path: string; readonly runs: () => string[]; readonly runJson: () => Record<string, any>; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'scaleplan-e2e-'));
  const runs = (): string[] => (existsSync(join(path, 'reports')) ? readdirSync(join(path, 'reports')) : []).filter((name) => /^\d{8}T/.test(name)).map((name) => join(path, 'reports', name));
  return {
    path, runs,
    runJson: () => JSON.parse(readFileSync(join(runs().at(-1) ?? '', 'run.json'), 'utf8')) as Record<string, any>,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

export function start(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Program {
  const startedAt = performance.now();
  const child = spawn(execPath, [join(root, 'bin/scaleplan.js'), ...args], { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { out: '', err: '' };
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { text.out += chunk; });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { text.err += chunk; for (const look of waiting) look(); });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, ...text, seconds: (performance.now() - startedAt) / 1000 }));
  });
  const says = (wanted: string | RegExp): Promise<void> => new Promise((resolve, reject) => {
    const look = (): void => {
      if (typeof wanted === 'string' ? text.err.includes(wanted) : wanted.test(text.err)) { waiting.delete(look); resolve(); }
    };
    waiting.add(look);
    look();
    void ended.then(() => reject(new Error(`ended without saying ${String(wanted)}:\n${text.err}`)));
  });
  return { child, ended, says };
}

/** Runs to the end. */
export function run(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return start(args, cwd, env).ended;
}
