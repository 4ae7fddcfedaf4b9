import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { ScaleplanError } from '../../errors.ts';
import type { Interval } from '../../model/interval.ts';
import type { ClosedStage } from '../../model/load.ts';
import { spawnChild } from '../../process/child.ts';
import type { Engine, EngineCheck, EngineLoad } from '../engine.ts';
import { mergeSecond } from '../merge-seconds.ts';
import { packInterval } from '../pack.ts';
import { SUPPORTED_VERSION } from './client.ts';
import { partOf, readPayload } from './payloads.ts';
import { prepareLoad } from './prepare.ts';
import { STOP, type Go, type Job } from './protocol.ts';
import { stagesOf, workersFor } from './shares.ts';
import { WorkerLines } from './worker-lines.ts';

/** The worker reports every second, also while it waits; a busy machine may hold it up, but not for this long. */
const SILENCE_MS = 15_000;
/** A payload that stays on the disk is gone through once: 1 GB in some seconds, more on a busy machine. */
const READING_MS = 120_000;
/** Its timers are its own; after its last line there is nothing to wait for. */
const STOP_GRACE_MS = 1_000;
/** Long enough for a line to reach every worker. */
const MEETING_MS = 50;

/** What tests replace. */
export interface DriverOptions {
  /** Instead of as many as the machine's cores suggest. */
  readonly workers?: number;
  readonly silenceMs?: number;
  readonly workerFile?: string;
}

export const autocannon: Engine = createAutocannon();

/** Closed model, cheapest per request: each user is one connection that sends its next request when the last one has ended. */
export function createAutocannon(options: DriverOptions = {}): Engine {
  return {
    name: 'autocannon',
    models: ['closed'],
    latencyIncludes: 'send to the last byte, with the connect where a request opens its connection; it cannot see how long a request would have waited for a free user',
    check,
    prepare: (load) => void prepareLoad(load),
    run: (load, signal) => run(load, signal, options),
  };
}

async function check(): Promise<EngineCheck> {
  try {
    const file = createRequire(import.meta.url).resolve('autocannon/package.json');
    const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string }; // every package has one
    if (version === SUPPORTED_VERSION) return { usable: true, version };
    return { usable: false, reason: `autocannon ${version} is installed, but the measurement is built on the inside of ${SUPPORTED_VERSION}`, hint: `npm install autocannon@${SUPPORTED_VERSION}` };
  } catch {
    return { usable: false, reason: 'autocannon is not installed', hint: `npm install autocannon@${SUPPORTED_VERSION}` };
  }
}

async function* run(load: EngineLoad, signal: AbortSignal, options: DriverOptions): AsyncGenerator<Interval, void, void> {
  const stages = prepareLoad(load);
  const { target, headers, timeoutMs, endpoint, scenario } = load;
  const payloads = await Promise.all(scenario.payloads.map(readPayload));
  if (signal.aborted) return;
  const of = options.workers ?? workersFor(stages);
  const jobs = Array.from({ length: of }, (_, index): Job => ({
    target, headers, timeoutMs, endpoint, scenario, defaultHeaders: scenario.defaultHeaders, part: { index, of },
    stages: of === 1 ? stages : stagesOf(stages, index, of), payloads: payloads.map((payload) => partOf(payload, index, of)),
  }));
  const logFile = (index: number): string => join(load.workDir, of === 1 ? 'autocannon.log' : `autocannon-${index + 1}.log`);
  const children = jobs.map((_, index) => spawnChild(execPath, [options.workerFile ?? workerFile()], { name: 'autocannon', logFile: logFile(index) }));
  const askToStop = (): void => children.forEach((child) => child.write(STOP));
  signal.addEventListener('abort', askToStop, { once: true });
  try {
    children.forEach((child, index) => child.write(JSON.stringify(jobs[index])));
    // Before the first second, the scenario's `before` may use up a time-out for each of its requests.
    const silenceMs = options.silenceMs ?? SILENCE_MS;
    const workers = children.map((child) => new WorkerLines(child, silenceMs, silenceMs + scenario.before.length * timeoutMs + (payloads.some(({ kind }) => kind === 'file') ? READING_MS : 0)));
    const [only] = workers;
    let seconds = 0;
    for await (const interval of only !== undefined && of === 1 ? only.intervals() : together(workers)) {
      seconds += 1;
      yield packInterval(interval);
    }
    if (!signal.aborted) checkLength(seconds, stages);
  } finally {
    signal.removeEventListener('abort', askToStop);
    await Promise.all(children.map((child) => child.stop(STOP_GRACE_MS)));
  }
}

/** Only the last stage may end early, where it has made its count. */
function checkLength(seconds: number, stages: readonly ClosedStage[]): void {
  const last = stages.at(-1);
  const fixed = last?.exactly === undefined ? stages : stages.slice(0, -1);
  const planned = Math.floor(fixed.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0));
  if (seconds < planned) throw new ScaleplanError('engine-failed', `The load generator autocannon failed: it ended after ${seconds} of ${planned} s.`, { hint: 'What was measured before is kept; run again, and report it if it happens again.' });
}

/** Several workers begin in the same second; each second is merged exactly. */
async function* together(workers: readonly WorkerLines[]): AsyncGenerator<Interval, void, void> {
  const ready = await Promise.all(workers.map((worker) => worker.ready()));
  const go: Go = { startAtMs: Date.now() + MEETING_MS, shared: ready[0] ?? {} };
  for (const worker of workers) worker.write(JSON.stringify(go));
  const streams = workers.map((worker) => worker.intervals());
  for (let second = 0; ; second += 1) {
    const results = await Promise.all(streams.map((stream) => stream.next()));
    const parts = results.flatMap((result) => (result.done === true ? [] : [result.value]));
    const [first] = parts;
    if (first === undefined) return;
    yield mergeSecond(second, first.startedAtMs, parts);
  }
}

/** Source while developing, compiled in the package: the worker stands beside this file either way. */
function workerFile(): string {
  return fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url));
}
