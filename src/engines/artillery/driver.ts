import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath, platform } from 'node:process';
import { ScaleplanError } from '../../errors.ts';
import type { Interval } from '../../model/interval.ts';
import { spawnChild } from '../../process/child.ts';
import type { Child } from '../../process/child.ts';
import { makeTempFolder } from '../../process/temp-folder.ts';
import type { FlowStep } from '../../model/scenario.ts';
import type { Engine, EngineLoad } from '../engine.ts';
import { packInterval } from '../pack.ts';
import { openCollector } from './collector.ts';
import type { Collector } from './collector.ts';
import { artilleryCommand, writePluginPackage } from './command.ts';
import { failureOf } from './failure.ts';
import { checkArtillery, findArtillery } from './installed.ts';
import { prepareArtillery } from './prepare.ts';

/** The plugin speaks every second; a thread that is silent for so long does not come back. */
const SILENT_MS = 30_000;
/** Before the first arrival: start-up is 1–3 s, a `before` section may log in many users. */
const START_MS = 180_000;
/** For a virtual user that neither thinks nor asks: artillery loses some, e.g. on an answer 304. */
const LOST_USER_SECONDS = 60;
/** From the end of the last request to the end of the process: hooks, `after`, the last lines. */
const ENDING_MS = 10_000;

/** What tests replace. */
interface DriverOptions {
  readonly silenceMs?: number;
}

export const artillery: Engine = createArtillery();

/** Open model, Artillery scripts as they are, by the artillery that npm has installed. */
export function createArtillery({ silenceMs = SILENT_MS }: DriverOptions = {}): Engine {
  return {
    name: 'artillery',
    models: ['open'],
    latencyIncludes: 'from the moment the request is handed to its connection, connecting included, to the last byte of the body, redirects included; what waits in artillery’s own event loop is in it and is reported as loop lag',
    check: checkArtillery,
    prepare: prepareArtillery,
    run: (load, signal) => run(load, signal, silenceMs),
  };
}

async function* run(load: EngineLoad, signal: AbortSignal, silenceMs: number): AsyncGenerator<Interval, void, void> {
  prepareArtillery(load);
  const found = await findArtillery();
  if (!('bin' in found)) throw new ScaleplanError('engine-missing', found.reason, { hint: found.hint });
  if (signal.aborted) return;

  const folder = await makeTempFolder('artillery');
  try {
    await writePluginPackage(folder.path);
    const socket = socketPath(folder.path);
    const collector = await openCollector({ socket, plannedSeconds: plannedSeconds(load), idleSeconds: LOST_USER_SECONDS + longestThink(load) });
    try {
      yield* drive(load, found.bin, { folder: folder.path, socket, silenceMs }, collector, signal);
    } finally {
      collector.close();
    }
  } finally {
    await folder.dispose();
  }
}

async function* drive(
  load: EngineLoad, bin: string, { folder, socket, silenceMs }: { readonly folder: string; readonly socket: string; readonly silenceMs: number }, collector: Collector, signal: AbortSignal,
): AsyncGenerator<Interval, void, void> {
  const { args, env } = artilleryCommand(bin, load, folder, socket);
  const logFile = join(load.workDir, 'artillery.log');
  const child = spawnChild(execPath, args, {
    name: 'artillery', env, stopSignal: 'SIGINT', readLines: false, logFile,
  });
  const concluded = child.exited.then(() => collector.conclude());
  const guard = guardRun(load, child, collector, signal, silenceMs);
  try {
    let seconds = 0;
    for await (const interval of collector.intervals) {
      seconds += 1;
      yield packInterval(interval);
    }
    const fault = collector.fault();
    if (fault !== null) throw fault;
    const exit = await child.exited;
    await concluded;
    if (guard.hang() !== null) throw guard.hang();
    if (signal.aborted) return;
    if (collector.progress() === 'ended') {
      checkLength(seconds, plannedSeconds(load));
      return;
    }
    // Node prints a whole object graph behind an error, so that the tail may miss the sentence that counts; the file may miss the tail.
    const logged = await readFile(logFile, 'utf8').catch(() => '');
    throw failureOf(exit, collector.progress(), `${logged}\n${child.stderrTail()}`, load.scenario.file);
  } finally {
    guard.release();
    await child.stop(collector.fault() === null ? ENDING_MS : 0);
    await concluded;
  }
}

/** The last second may be cut short by its own end, but no more. */
function checkLength(seconds: number, planned: number): void {
  if (seconds >= planned - 1) return;
  throw new ScaleplanError('engine-failed', `The load generator artillery failed: it ended after ${seconds} of ${planned} s.`, {
    hint: 'Something within the script or its plugins ended the run; its output is in artillery.log of the run’s logs.',
  });
}

interface Guard {
  hang(): ScaleplanError | null;
  release(): void;
}

/** Passes an abort on, and ends what hangs. */
function guardRun(load: EngineLoad, child: Child, collector: Collector, signal: AbortSignal, silenceMs: number): Guard {
  let hang: ScaleplanError | null = null;
  let kill: NodeJS.Timeout | undefined;
  const watch = setInterval(() => {
    const isLoading = collector.progress() === 'begun' || collector.progress() === 'ended';
    if (collector.silentMs() < (isLoading ? silenceMs : START_MS)) return;
    const seconds = Math.round(collector.silentMs() / 1000);
    hang ??= new ScaleplanError('engine-failed', `artillery has said nothing for ${seconds} s and was ended: ${child.stderrTail().trim().slice(-300) || 'no output'}`);
    void child.stop(0);
  }, 1000);
  const onAbort = (): void => {
    // Before the first arrival there is nothing to let end.
    if (collector.progress() !== 'begun') {
      void child.stop(ENDING_MS);
      return;
    }
    collector.stopLoad();
    kill = setTimeout(() => void child.stop(ENDING_MS), load.timeoutMs + ENDING_MS);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return {
    hang: () => hang,
    release() {
      clearInterval(watch);
      clearTimeout(kill);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

function plannedSeconds({ shape }: EngineLoad): number {
  return Math.ceil(shape.stages.reduce((sum, stage) => sum + stage.durationSeconds, 0));
}

function longestThink({ scenario }: EngineLoad): number {
  const thinks = (flow: readonly FlowStep[]): number[] => flow.flatMap((step) => {
    if (step.type === 'think') return [step.seconds];
    return step.type === 'loop' ? thinks(step.flow) : [];
  });
  return Math.max(0, ...scenario.journeys.flatMap(({ flow }) => thinks(flow)));
}

function socketPath(folder: string): string {
  return platform === 'win32' ? `\\\\.\\pipe\\${folder.replaceAll(/[\\/:]/g, '-')}` : join(folder, 'plugin.sock');
}
