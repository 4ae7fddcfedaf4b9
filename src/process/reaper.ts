import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { startTime } from './start-time.ts';

/** What the reaper is told, one JSON value a line. */
export type ReaperOrder =
  | { readonly add: 'group'; readonly pid: number; readonly start: string | null; readonly signal: 'SIGINT' | 'SIGTERM' }
  | { readonly add: 'folder'; readonly path: string }
  | { readonly drop: 'group'; readonly pid: number }
  | { readonly drop: 'folder'; readonly path: string };

/**
 * Whatever this process starts is entered here, so that it is cleared away even if this process is killed outright.
 * A second small process holds the list and the other end of a pipe: when the pipe breaks, it stops the process groups
 * and deletes the folders still on the list. Handlers for signals or `exit` could not do that: SIGKILL runs none.
 */
export const reaper = {
  /** Enters the process group led by `pid`; `signal` asks it to end, SIGKILL follows after 3 s. */
  addGroup(pid: number, signal: 'SIGINT' | 'SIGTERM'): void {
    order({ add: 'group', pid, start: startTime(pid), signal });
  },
  dropGroup(pid: number): void {
    order({ drop: 'group', pid });
  },
  /** Enters a folder made by `makeTempFolder`; the reaper refuses to delete any other. */
  addFolder(path: string): void {
    order({ add: 'folder', path });
  },
  dropFolder(path: string): void {
    order({ drop: 'folder', path });
  },
};

let pipe: Writable | null = null;

function order(what: ReaperOrder): void {
  pipe ??= startReaper();
  pipe.write(`${JSON.stringify(what)}\n`);
}

function startReaper(): Writable {
  // From a clone the sources run as they are; in the package they are compiled.
  const entry = import.meta.url.endsWith('.ts') ? './reaper-main.ts' : './reaper-main.js';
  const child = spawn(process.execPath, [fileURLToPath(new URL(entry, import.meta.url))], {
    // A session of its own: Ctrl-C in the terminal and the closing of the terminal must not reach it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    // Options meant for this process (an inspector's port, a test runner's marks) are none of the reaper's business.
    env: { ...process.env, NODE_OPTIONS: undefined, NODE_TEST_CONTEXT: undefined },
  });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  // It must not keep us alive: when we end, it reads the end of the pipe and ends too.
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return child.stdin;
}
