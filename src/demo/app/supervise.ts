import { setTimeout as sleep } from 'node:timers/promises';
import { launchProcess } from '../processes.ts';
import type { LaunchedProcess, ProcessRequest, Stop } from '../processes.ts';

/** As long as a platform takes to notice that a container is gone and to start another. */
const RESTART_MS = 3000;
/** One that dies again and again is not started for ever. */
const MOST_STARTS = 5;

/** A process that is started again, on its own port, when it ends without having been asked. */
export interface Supervised {
  /** Of the process that runs now. */
  pid(): number;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

/** Watches over a process that `request` started, until it is stopped. */
export function supervise(first: LaunchedProcess, request: ProcessRequest, stops: Stop[]): Supervised {
  const ending = new AbortController();
  const own: Stop[] = [];
  let current = first;
  const watching = watch();
  stops.push(async () => {
    ending.abort();
    await watching;
    for (const stop of own.toReversed()) await stop();
  });
  return { pid: () => current.pid, kill: () => current.kill() };

  async function watch(): Promise<void> {
    const asked = new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve(), { once: true }));
    for (let starts = 0; starts < MOST_STARTS; starts += 1) {
      await Promise.race([current.exited, asked]);
      await sleep(RESTART_MS, undefined, { signal: ending.signal }).catch(() => {});
      if (ending.signal.aborted) return;
      const again = await launchProcess({ ...request, port: first.port }, own).catch(() => null);
      if (again !== null) current = again;
    }
  }
}
