import { setTimeout as sleep } from 'node:timers/promises';
import { ScaleplanError } from '../../errors.ts';
import { spawnChild } from '../../process/child.ts';
import type { Child, ChildExit } from '../../process/child.ts';
import { freePort } from '../../process/free-port.ts';

/** A server of the reference application, listening on 127.0.0.1 only, gone when we are. */
export interface Server {
  /** With a password made for this one start; nobody else on the machine can get in. */
  readonly url: string;
  readonly version: string;
  readonly port: number;
  readonly pid: number;
  /** Settles when the server ends, asked or not. */
  readonly exited: Promise<ChildExit>;
  stop(): Promise<void>;
}

export interface Launch {
  /** What messages call it. */
  readonly name: string;
  readonly command: string;
  /** One that it had before; absent: any free one. */
  readonly port?: number;
  args(port: number): readonly string[];
  isReady(port: number, child: Child): Promise<boolean>;
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
  readonly logFile: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly uid?: number;
  readonly gid?: number;
}

/** Both servers are up within a second on two cores; thirty are for a machine that is busy with something else. */
const START_LIMIT_MS = 30_000;
const POLL_MS = 20;
/** Between finding a free port and listening on it somebody else may have taken it. */
const PORT_TRIES = 3;
const STOP_GRACE_MS = 5_000;

/** Starts a server on a free port and waits until it answers. Throws `server-failed` with the end of its log. */
export async function launch(what: Launch): Promise<{ child: Child; port: number; stop(): Promise<void> }> {
  for (let i = 1; ; i++) {
    const { args, isReady, command, port: wanted, ...options } = what;
    const port = wanted ?? await freePort();
    const child = spawnChild(command, args(port), { ...options, readLines: false });
    const stop = async (): Promise<void> => void (await child.stop(STOP_GRACE_MS));
    const failure = await waitUntilReady(child, () => isReady(port, child));
    if (failure === null) return { child, port, stop };
    await stop();
    if (i < PORT_TRIES && /address already in use/i.test(child.stderrTail())) continue;
    throw new ScaleplanError('server-failed', `${what.name} did not start: ${failure}${lastLines(child.stderrTail())}`, {
      hint: `Its log was ${what.logFile}; the command was ${command}.`,
    });
  }
}

async function waitUntilReady(child: Child, isReady: () => Promise<boolean>): Promise<string | null> {
  let exit: ChildExit | null = null;
  void child.exited.then((value) => (exit = value));
  const from = performance.now();
  while (performance.now() - from < START_LIMIT_MS) {
    if (await isReady()) return null;
    await sleep(POLL_MS);
    if (exit !== null) return describe(exit);
  }
  return `it was not ready after ${START_LIMIT_MS / 1_000} s`;
}

function describe(exit: ChildExit): string {
  if (exit.error !== null) return exit.error.message;
  return exit.signal === null ? `it ended with code ${exit.code}` : `it was ended by ${exit.signal}`;
}

/** Ten lines hold a server's last words and their context. */
function lastLines(text: string): string {
  const lines = text.split('\n').slice(-10).filter((line) => line.trim() !== '');
  return lines.length === 0 ? '' : `\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
