import { env } from 'node:process';
import { isMainThread, Worker } from 'node:worker_threads';
import { createFigures } from './figures.ts';
import type { PageTask } from './page.ts';
import { watchLoop } from './watch-loop.ts';
import { PoolWatch } from './watch-pool.ts';
import { watchRequests } from './watch-requests.ts';
import { watchSync } from './watch-sync.ts';

/**
 * For an application without metrics: `node --import scaleplan/preload app.js` serves a page of them for `--probe node=…` on a loopback
 * port (SCALEPLAN_PRELOAD_PORT, else a free one that is printed). It adds to the process one thread and no dependency.
 */
// Node preloads in every thread; the process is watched once.
if (isMainThread) start();

function start(): void {
  const figures = createFigures();
  const task: PageTask = { figures, port: portFrom(env['SCALEPLAN_PRELOAD_PORT']) };
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  // Started before anything is watched, with none of the application's own options: they may preload more.
  const page = new Worker(new URL(`./page.${extension}`, import.meta.url), { workerData: task, execArgv: [], stdin: false });
  page.unref();
  // What goes wrong there must not end the application.
  page.on('error', () => {});
  const pools = new PoolWatch(figures);
  watchSync(figures);
  watchRequests(figures);
  watchLoop(figures, () => pools.sample());
}

function portFrom(text: string | undefined): number {
  const port = Number(text ?? 0);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
}
