import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScaleplanError } from '../../errors.ts';
import type { Interval } from '../../model/interval.ts';
import { isLoopback } from '../../model/loopback.ts';
import { spawnChild, type Child } from '../../process/child.ts';
import { parseCsv } from '../../scenario/variables.ts';
import type { Engine, EngineLoad } from '../engine.ts';
import { checkK6, usableK6 } from './binary.ts';
import { findingsOfK6 } from './findings.ts';
import { headerVariable, type Compiled } from './compile.ts';
import { firstArrivalSeconds, longestJourneySeconds } from './options.ts';
import { prepareK6 } from './prepare.ts';
import { readSeconds } from './read-seconds.ts';
import { STOP, type K6Settings } from './protocol.ts';
import { nativeScript, scenarioScript } from './script-file.ts';

/** The extension reports every second; a busy machine may hold it up, but not for this long. */
const SILENCE_MS = 15_000;
/** Before the first second k6 makes its virtual users, a few thousand of them at a hundred or more a second, and runs `before`. */
const START_MS = 120_000;
/** From the last line to the end of the process. */
const ENDING_MS = 5_000;

/** What tests replace. */
export interface DriverOptions {
  readonly silenceMs?: number;
  /** A command in place of k6. */
  readonly command?: readonly string[];
}

export const k6: Engine = createK6();

/** Open and closed model, journeys whole or an endpoint alone, by a k6 with our extension. */
export function createK6(options: DriverOptions = {}): Engine {
  return {
    name: 'k6',
    models: ['open', 'closed'],
    latencyIncludes: 'from asking for a connection (looking up the name, connecting and TLS included) to the last byte of the body, redirects included; of a user’s own k6 script each redirect is a request of its own',
    check: checkK6,
    prepare: (load) => void prepareK6(load),
    run: (load, signal) => run(load, signal, options),
    findings: ({ workDir }) => findingsOfK6(workDir),
  };
}

async function* run(load: EngineLoad, signal: AbortSignal, options: DriverOptions): AsyncGenerator<Interval, void, void> {
  const compiled = prepareK6(load);
  const [command = '', ...before] = options.command ?? [await usableK6()];
  await checkPayloads(load);
  const { script, settings } = await writeFiles(load, compiled);
  if (signal.aborted) return;
  const child = spawnChild(command, [...before, ...await flags(load, settings), script], {
    name: 'k6', cwd: load.workDir, env: environment(load), stopSignal: 'SIGINT', logFile: join(load.workDir, 'k6.log'),
  });
  const askToStop = (): void => child.write(STOP);
  signal.addEventListener('abort', askToStop, { once: true });
  try {
    const silenceMs = options.silenceMs ?? SILENCE_MS;
    yield* readSeconds(child, load, { silenceMs, firstMs: options.silenceMs ?? START_MS + load.scenario.before.length * load.timeoutMs, isStopped: () => signal.aborted });
    await ended(child);
  } finally {
    signal.removeEventListener('abort', askToStop);
    await child.stop(0);
  }
}

/** After its last line k6 has little to do; a user's `teardown` is in that time, too. */
async function ended(child: Child): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => { timer = setTimeout(resolve, ENDING_MS); });
  await Promise.race([child.exited, late]);
  clearTimeout(timer);
}

/** The script and what the extension has to know: both are kept with the logs of the step. */
async function writeFiles(load: EngineLoad, compiled: Compiled | null): Promise<{ readonly script: string; readonly settings: string }> {
  const [script, settings] = [join(load.workDir, 'k6-script.js'), join(load.workDir, 'k6-settings.json')];
  await mkdir(load.workDir, { recursive: true });
  await writeFile(script, compiled === null ? nativeScript(load) : scenarioScript(load, compiled));
  await writeFile(settings, `${JSON.stringify(settingsOf(load, compiled), null, 2)}\n`);
  return { script, settings };
}

function settingsOf({ shape, scenario, timeoutMs }: EngineLoad, compiled: Compiled | null): K6Settings {
  const durations = shape.stages.map(({ durationSeconds }) => durationSeconds);
  const plannedSeconds = durations.reduce((sum, one) => sum + one, 0);
  return {
    slots: compiled?.slots ?? [],
    payloads: scenario.payloads,
    // A user's own script is given the time of a whole journey to end.
    timeoutMs: compiled === null ? longestJourneySeconds(scenario, timeoutMs) * 1000 : timeoutMs,
    plannedSeconds,
    isClosed: shape.model === 'closed',
    firstArrivalSeconds: shape.model === 'open' ? firstArrivalSeconds(shape.stages) : 0,
    isNative: compiled === null,
  };
}

/** Quiet, offline, and with bounded memory: k6's own summary and thresholds keep every value there was. */
async function flags({ scenario }: EngineLoad, settings: string): Promise<string[]> {
  const hasOwnThresholds = scenario.native !== null && /\bthresholds\b/.test(await readFile(scenario.file, 'utf8'));
  return [
    'run', '--quiet', '--no-color', '--no-usage-report', '--summary-mode=disabled', ...(hasOwnThresholds ? [] : ['--no-thresholds']),
    '--log-output=stderr', '--out', `scaleplan=${settings}`,
  ];
}

function environment({ target, headers }: EngineLoad): Record<string, string | undefined> {
  return {
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    // Anything that changes the load or where it is measured would come from somebody's shell, not from the plan.
    K6_OUT: undefined, K6_VUS: undefined, K6_DURATION: undefined, K6_ITERATIONS: undefined, K6_STAGES: undefined, K6_HTTP_DEBUG: undefined,
    // For scripts of the user's own.
    TARGET: target,
    ...(isLoopback(target) ? { HTTP_PROXY: undefined, HTTPS_PROXY: undefined, http_proxy: undefined, https_proxy: undefined } : {}),
    ...Object.fromEntries(Object.values(headers).map((value, index) => [headerVariable(index), value])),
  };
}

/** A row is shorter than this, and so is the head of any file that has one. */
const HEAD_BYTES = 65_536;

/** The extension reads the rows, from a file of any size; that there are none should be said in words of the scenario, and before. */
async function checkPayloads({ scenario }: EngineLoad): Promise<void> {
  for (const { file, delimiter, skipHeader } of scenario.payloads) {
    const head = await readHead(file).catch((cause: unknown) => {
      throw new ScaleplanError('wrong-scenario', `The payload ${file} cannot be read.`, { hint: 'Check the path in config.payload; it counts from the scenario file.', cause });
    });
    if (parseCsv(head, { delimiter, skipHeader }).length === 0) {
      throw new ScaleplanError('wrong-scenario', `The payload ${file} has no rows.`, { hint: 'Give it at least one row below its header.' });
    }
  }
}

async function readHead(file: string): Promise<string> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer.subarray(0, bytesRead).toString('utf8');
}
