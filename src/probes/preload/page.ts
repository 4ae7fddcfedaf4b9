import { readdirSync, readFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { cpuUsage, memoryUsage, uptime } from 'node:process';
import { workerData } from 'node:worker_threads';
import { nowMs } from './clock.ts';
import { addDelay, AT, BEAT_MS } from './figures.ts';
import type { Figures } from './figures.ts';
import { pageText } from './page-text.ts';
import type { ProcessFacts } from './page-text.ts';

/** The thread behind the page: it answers while the main thread is blocked, because it shares nothing with it but memory. */
export interface PageTask {
  readonly figures: Figures;
  /** 0: any that is free. */
  readonly port: number;
}

/** Below the range from which Linux takes ports of outgoing connections. */
const LOWEST_PORT = 20_000;
const PORTS = 12_000;
const TRIES = 50;
/** A beat this late is one more that is missing, and not just the turn of another task. */
const STALL_MS = 2 * BEAT_MS;

const task = workerData as PageTask;
/** Delays that the main thread cannot count yet because it is still in them; added to its own when the page is made. */
const ongoing = new Float64Array(task.figures.length);
const startedAtSeconds = Date.now() / 1000 - uptime();

void serve();

async function serve(): Promise<void> {
  const server = createServer((request, response) => {
    const isPage = request.method === 'GET' && /^\/(metrics)?(\?|$)/.test(request.url ?? '');
    response.writeHead(isPage ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(isPage ? page() : 'There is /metrics.\n');
  });
  const port = await listen(server);
  // Past the main thread, through which the streams of a worker go.
  writeSync(2, port === null
    ? 'scaleplan: no port is free for the metrics of this process\n'
    : `scaleplan: metrics of this process at http://127.0.0.1:${port}/metrics\n`);
}

/** Another process of a cluster may have the port that was asked for: then any other. */
async function listen(server: Server): Promise<number | null> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = tries === 0 && task.port > 0 ? task.port : LOWEST_PORT + Math.floor(Math.random() * PORTS);
    const isOurs = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(true));
    });
    if (isOurs) return port;
  }
  return null;
}

function page(): string {
  const lateMs = nowMs() - (task.figures[AT.beatAtMs] ?? 0) - BEAT_MS;
  const stalledMs = lateMs > STALL_MS ? lateMs : 0;
  if (stalledMs > 0) addDelay(ongoing, stalledMs);
  const all = task.figures.map((value, index) => value + (ongoing[index] ?? 0));
  return pageText(all, processFacts(stalledMs));
}

function processFacts(stalledMs: number): ProcessFacts {
  const { user, system } = cpuUsage();
  const most = Number(/^Max open files +(\d+)/m.exec(textOf('/proc/self/limits'))?.[1] ?? Number.NaN);
  return {
    cpuSeconds: (user + system) / 1e6, residentBytes: memoryUsage.rss(), startedAtSeconds, stalledMs,
    openFiles: openFiles(), mostOpenFiles: Number.isNaN(most) ? null : most,
  };
}

function openFiles(): number | null {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return null;
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
