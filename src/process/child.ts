import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLog } from './log.ts';
import { readLines } from './lines.ts';
import { reaper } from './reaper.ts';

/** How a child ended. `error` is set, and the other two are null, when it could not even be started (no such command). */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly error: NodeJS.ErrnoException | null;
}

/** A process of ours, leading a process group of its own. */
export interface Child {
  /** `NaN` when the command could not be started: a signal sent there by mistake hits nobody. */
  readonly pid: number;
  /** Settles once the child is gone and what it had written to stderr was read. Never rejects. */
  readonly exited: Promise<ChildExit>;
  /** Its stdout line by line, for one reader; ends at its end of file. Empty with `readLines: false`. */
  readonly lines: AsyncIterable<string>;
  /** Sends a line to its stdin. After its exit this does nothing. */
  write(line: string): void;
  /** The last 4 KB of its stderr (with `readLines: false`: of stdout and stderr). */
  stderrTail(): string;
  /** Signals the whole process group. After its exit this does nothing. */
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void;
  /** Asks it to end by `stopSignal`, and after `graceMs` kills the group. May be called again with less patience. */
  stop(graceMs: number): Promise<ChildExit>;
}

export interface ChildOptions {
  /** What messages call it; default: the command. */
  readonly name?: string;
  readonly cwd?: string;
  /** Merged over our own environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Receives stderr, and stdout with `readLines: false`; appended, cut at 10 MB. */
  readonly logFile?: string;
  /** Default SIGTERM. */
  readonly stopSignal?: 'SIGINT' | 'SIGTERM';
  /** Default true: then somebody must read `lines`, or the child waits once the pipe is full. */
  readonly readLines?: boolean;
  readonly uid?: number;
  readonly gid?: number;
}

/** The end of stderr may still be in the pipe when the exit is reported; somebody outside the group may hold it open for ever. */
const STDERR_PATIENCE_MS = 250;

/** Starts a command that cannot outlive us: it leads a process group, and the group is entered with the reaper. */
export function spawnChild(command: string, args: readonly string[], options: ChildOptions = {}): Child {
  const process_ = spawn(command, args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  const pid = process_.pid ?? Number.NaN;
  const stopSignal = options.stopSignal ?? 'SIGTERM';
  if (!Number.isNaN(pid)) reaper.addGroup(pid, stopSignal);

  const log = openLog(options.logFile);
  const wantsLines = options.readLines ?? true;
  process_.stderr.on('data', log.add);
  if (!wantsLines) process_.stdout.on('data', log.add);
  process_.stdin.on('error', () => {});

  let isOver = false;
  let isAsked = false;
  const exited = exitOf(process_, options.name ?? command).then(async (exit) => {
    isOver = true;
    // Members of the group that the leader left behind: nothing of ours stays.
    signalGroup(pid, 'SIGKILL');
    await Promise.race([finished(process_.stderr).catch(() => {}), sleep(STDERR_PATIENCE_MS)]);
    if (!Number.isNaN(pid)) reaper.dropGroup(pid);
    log.close();
    return exit;
  });

  const signal = (name: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void => {
    if (!isOver) signalGroup(pid, name);
  };
  return {
    pid,
    exited,
    lines: readLines(wantsLines ? kept(process_.stdout) : nothing()),
    write: (line) => void (isOver || process_.stdin.write(`${line}\n`)),
    stderrTail: log.tail,
    signal,
    async stop(graceMs) {
      if (!isAsked) signal(stopSignal);
      isAsked = true;
      const timer = setTimeout(signal, graceMs, 'SIGKILL');
      return exited.finally(() => clearTimeout(timer));
    },
  };
}

function exitOf(child: ChildProcessWithoutNullStreams, name: string): Promise<ChildExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal, error: null }));
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return;
      error.message = `${name} could not be started: ${error.message}`;
      resolve({ code: null, signal: null, error });
    });
  });
}

function signalGroup(pid: number, name: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void {
  if (Number.isNaN(pid)) return;
  try {
    process.kill(-pid, name);
  } catch {
    // Nobody is left in the group.
  }
}

/**
 * Node throws away what nobody has read of a child's stdout when the child exits; what has gone on to a stream of our
 * own is kept. A reader that leaves early must neither break the child's pipe nor let it fill up: the rest is dropped.
 */
function kept(stdout: Readable): Readable {
  const own = new PassThrough();
  stdout.pipe(own);
  own.once('close', () => stdout.unpipe(own).resume());
  return own;
}

async function* nothing(): AsyncGenerator<Buffer> {}
