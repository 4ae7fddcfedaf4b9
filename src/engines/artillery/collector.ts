import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { ScaleplanError } from '../../errors.ts';
import type { Interval } from '../../model/interval.ts';
import { readLines } from '../../process/lines.ts';
import { Queue } from './queue.ts';
import { SecondsOfWorkers } from './seconds-of-workers.ts';
import { readFromPlugin } from './wire.ts';
import type { FromPlugin, ToPlugin } from './wire.ts';

/** How far artillery has come. */
export type Progress = 'starting' | 'loaded' | 'begun' | 'ended';

/** The driver's end of the line: hears every thread of artillery, puts their seconds together, passes orders on. */
export interface Collector {
  readonly intervals: AsyncGenerator<Interval, void, void>;
  progress(): Progress;
  /** What speaks against going on: a line that is none of ours. */
  fault(): ScaleplanError | null;
  /** Milliseconds since the last line of any thread. */
  silentMs(): number;
  /** No new journeys, no new requests; the run ends when those in flight have. */
  stopLoad(): void;
  /** The process is gone: reads what is still on the line, then ends `intervals`. */
  conclude(): Promise<void>;
  close(): void;
}

export interface CollectorOptions {
  readonly socket: string;
  readonly plannedSeconds: number;
  /** With every arrival made and nothing in flight, a virtual user that has been silent so long is one that artillery lost. */
  readonly idleSeconds: number;
}

/** Once the process has gone its last words are in our buffers; this is patience with a slow machine. */
const LAST_WORDS_MS = 2000;

export async function openCollector({ socket, plannedSeconds, idleSeconds }: CollectorOptions): Promise<Collector> {
  const queue = new Queue<Interval>();
  const seconds = new SecondsOfWorkers(plannedSeconds, (interval) => queue.put(interval));
  const threads = new Set<Socket>();
  const idle = new Set<number>();
  let main: Socket | null = null;
  let workers = Infinity;
  let beginsAtUs: number | null = null;
  let progress: Progress = 'starting';
  let fault: ScaleplanError | null = null;
  let heardAtMs = performance.now();
  let isStopped = false;
  let isLaunched = false;
  let quietSeconds = 0;

  const hear = (message: FromPlugin, from: Socket): void => {
    heardAtMs = performance.now();
    switch (message.t) {
      case 'main':
        main = from;
        progress = 'loaded';
        break;
      case 'worker':
        workers = message.of;
        seconds.expect(message.of);
        if (beginsAtUs !== null) tell(from, { t: 'begin', atUs: beginsAtUs });
        if (isStopped) tell(from, { t: 'stop' });
        break;
      case 'begun':
        beginsAtUs = message.atUs;
        progress = 'begun';
        seconds.begin(message.atMs);
        tellAll({ t: 'begin', atUs: message.atUs });
        break;
      case 'launched':
        isLaunched = true;
        tellAll({ t: 'launched' });
        break;
      case 'second': {
        const wrong = seconds.add(message);
        if (wrong !== null) throw new ScaleplanError('engine-failed', `The load generator artillery failed: ${wrong}.`);
        quietSeconds = message.sent > 0 || message.inFlight > 0 || !isLaunched ? 0 : quietSeconds + 1;
        if (quietSeconds > idleSeconds * Math.min(workers, 1e3)) tell(main, { t: 'finish' });
        break;
      }
      case 'idle':
        idle.add(message.worker);
        // "Launched" is heard from the first of several workers; the others may still have arrivals to make.
        if (isStopped ? idle.size >= workers : workers === 1) tell(main, { t: 'finish' });
        break;
      case 'end':
        seconds.end(message.worker);
        acknowledge();
        break;
      case 'closing':
        isClosing = true;
        acknowledge();
        break;
    }
  };
  let isClosing = false;
  const acknowledge = (): void => {
    if (!isClosing || !(seconds.allEnded || progress === 'loaded')) return;
    if (seconds.allEnded) progress = 'ended';
    tell(main, { t: 'ack' });
  };
  const tellAll = (message: ToPlugin): void => {
    for (const thread of threads) tell(thread, message);
  };

  const server = createServer((thread) => {
    threads.add(thread);
    thread.on('error', () => {});
    thread.on('close', () => threads.delete(thread));
    void listen(thread);
  });
  const listen = async (thread: Socket): Promise<void> => {
    try {
      for await (const line of readLines(thread)) {
        const message = readFromPlugin(line);
        if (message === null) throw new ScaleplanError('engine-failed', `artillery’s plugin sent a line that makes no sense: ${line.slice(0, 80)}`);
        hear(message, thread);
      }
    } catch (error) {
      // A line that breaks off is the end of its thread; how artillery ended tells what that means.
      if (!(error instanceof ScaleplanError)) return;
      fault = error;
      queue.end();
    }
  };
  server.listen(socket);
  await once(server, 'listening');

  return {
    intervals: queue.read(),
    progress: () => progress,
    fault: () => fault,
    silentMs: () => performance.now() - heardAtMs,
    stopLoad() {
      isStopped = true;
      tellAll({ t: 'stop' });
    },
    async conclude() {
      const untilMs = performance.now() + LAST_WORDS_MS;
      while (threads.size > 0 && performance.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 5));
      if (seconds.allEnded && progress === 'begun') progress = 'ended';
      seconds.finish();
      queue.end();
    },
    close() {
      for (const thread of threads) thread.destroy();
      server.close();
      queue.end();
    },
  };
}

function tell(thread: Socket | null, message: ToPlugin): void {
  if (thread?.writable === true) thread.write(`${JSON.stringify(message)}\n`);
}
