import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { ScaleplanError } from '../../errors.ts';
import type { Interval } from '../../model/interval.ts';
import type { Scenario } from '../../model/scenario.ts';
import { spawnChild, type Child } from '../../process/child.ts';
import { parseCsv, type PayloadRows } from '../../scenario/variables.ts';
import type { Engine, EngineCheck, EngineLoad } from '../engine.ts';
import { SUPPORTED_VERSION } from './client.ts';
import { prepareLoad } from './prepare.ts';
import { readMessage, STOP, type Job } from './protocol.ts';

/** The worker reports every second, also while it waits; a busy machine may hold it up, but not for this long. */
const SILENCE_MS = 15_000;
/** Its timers are its own; after its last line there is nothing to wait for. */
const STOP_GRACE_MS = 1_000;

/** What tests replace. */
export interface DriverOptions {
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
  const job: Job = { target, headers, timeoutMs, endpoint, scenario, stages, defaultHeaders: scenario.defaultHeaders, payloadRows: await readPayloads(scenario) };
  if (signal.aborted) return;
  const child = spawnChild(execPath, [options.workerFile ?? workerFile()], { name: 'autocannon', logFile: join(load.workDir, 'autocannon.log') });
  const askToStop = (): void => child.write(STOP);
  signal.addEventListener('abort', askToStop, { once: true });
  try {
    child.write(JSON.stringify(job));
    // Before the first second, the scenario's `before` may use up a time-out for each of its requests.
    const silenceMs = options.silenceMs ?? SILENCE_MS;
    yield* readIntervals(child, silenceMs, silenceMs + scenario.before.length * timeoutMs);
  } finally {
    signal.removeEventListener('abort', askToStop);
    await child.stop(STOP_GRACE_MS);
  }
}

/** Source while developing, compiled in the package: the worker stands beside this file either way. */
function workerFile(): string {
  return fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url));
}

async function readPayloads({ payloads }: Scenario): Promise<PayloadRows[]> {
  return Promise.all(payloads.map(async ({ file, fields, order, delimiter, skipHeader }) => {
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new ScaleplanError('wrong-scenario', `The payload ${file} cannot be read.`, { hint: 'Check the path in config.payload; it counts from the scenario file.', cause });
    });
    const rows = parseCsv(text, { delimiter, skipHeader });
    if (rows.length === 0) throw new ScaleplanError('wrong-scenario', `The payload ${file} has no rows.`, { hint: 'Give it at least one row below its header.' });
    return { fields, order, rows };
  }));
}

/** Every second once, in order, until the worker says that it is done; anything else is a failure of the generator. */
async function* readIntervals(child: Child, silenceMs: number, firstMs: number): AsyncGenerator<Interval, void, void> {
  const lines = child.lines[Symbol.asyncIterator]();
  for (let second = 0; ; ) {
    const patienceMs = second === 0 ? firstMs : silenceMs;
    const result = await within(lines.next(), patienceMs);
    if (result === 'late') throw failure(`it has said nothing for ${patienceMs / 1000} s`, child);
    if (result.done === true) throw failure(await describeExit(child), child);
    const message = readMessage(result.value);
    if (message === null) throw failure(`it said something that is no interval: ${result.value.slice(0, 200)}`, child);
    if (message.type === 'end') return;
    if (message.type === 'failed') throw failure(message.reason, child);
    if (message.interval.second !== second) throw failure(`second ${message.interval.second} came where second ${second} was due`, child);
    second += 1;
    yield message.interval;
  }
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => { timer = setTimeout(resolve, ms, 'late'); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function describeExit(child: Child): Promise<string> {
  const { code, signal } = await child.exited;
  return signal === null ? `its process ended with code ${code ?? 'unknown'}` : `its process was ended by ${signal}`;
}

function failure(what: string, child: Child): ScaleplanError {
  const said = child.stderrTail().trim();
  return new ScaleplanError('engine-failed', `The load generator autocannon failed: ${what}.`, {
    hint: said === '' ? 'What was measured before is kept; run again, and report it if it happens again.' : `It said:\n${said}`,
  });
}
