/** The plugin that artillery loads, once in its main thread and once in every worker. */
import type { EventEmitter } from 'node:events';
import { env } from 'node:process';
import { callbackify } from 'node:util';
import type { Script } from './artillery.ts';
import { measureWorker } from './in-worker.ts';
import { readSettings } from './link.ts';
import { watchRun } from './in-main.ts';

type Cleanup = (done: (error?: Error) => void) => void;

/** artillery constructs it with the script (in a worker: the copy that will run) and an emitter for the run's own events. */
export class Plugin {
  readonly cleanup: Cleanup;

  constructor(script: Script, events: EventEmitter) {
    const settings = readSettings();
    // artillery sets this variable in its workers, and only there.
    const isWorker = env['LOCAL_WORKER_ID'] !== undefined;
    const end = settings === null ? async () => {} : isWorker ? measureWorker(script, settings) : watchRun(script, events, settings);
    this.cleanup = callbackify(end);
  }
}
