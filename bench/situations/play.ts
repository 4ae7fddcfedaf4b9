import { existsSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Chalk } from 'chalk';
import type { Host, Screen } from '../../src/cli/host.ts';
import type { Progress } from '../../src/cli/progress.ts';
import { checkEngines, runSteps } from '../../src/cli/run-steps.ts';
import { settingsFor } from '../../src/cli/settings.ts';
import { planSteps, type PlannedStep } from '../../src/cli/steps.ts';
import type { OpenStage } from '../../src/model/load.ts';
import { FORMAT_VERSION, type Run } from '../../src/model/run.ts';
import { findPhase } from '../../src/plan/resolve.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { lightEngine } from './light-engine.ts';
import type { Situation } from './situation.ts';
import type { System } from './system.ts';

const ROOT = join(import.meta.dirname, '../..');
/** What is not judged, shorter than users have it: enough for a reference, and a minute less for every two recordings. */
const UNJUDGED_SECONDS: Readonly<Record<string, number>> = { reference: 6, ramp: 1, 'warm-up': 2 };
const MOST_LIGHT_PER_SEC = 500;
/** Draining, and the start of an engine: whatever takes longer hangs. */
const MOST_SECONDS = 60;

export interface Played {
  readonly folder: string;
  readonly startedAtMs: number;
  /** When what is wrong could be felt; null: from the first second on. */
  readonly feltAtMs: number | null;
  /** Why the run proves nothing: the load was not the one that was asked for. Null: it was. */
  readonly spoiledBy: string | null;
}

/** Puts a situation's load on its system, as `scaleplan test` does, and does to the system what is to be done. */
export async function play(situation: Situation, system: System, output: string): Promise<Played> {
  const { application, phase: phaseId, suite = 'load', ratePerSec, shape, judgedSeconds, fault, before, strain, feltFromSecond, engine, first = [] } = situation;
  const limit = new AbortController();
  const host = hostFor(limit.signal);
  const settings = await settingsFor({
    plan: application, phase: phaseId, suite: [suite], duration: `${judgedSeconds}s`, target: system.url, output, quiet: true,
    probe: system.probes.map(({ kind, address }) => `${kind}=${address}`),
    ...(ratePerSec === undefined ? {} : { rate: String(ratePerSec) }), ...(shape === undefined ? {} : { shape }), ...(engine === undefined ? {} : { engine }),
  }, host);
  const plan = await loadPlan(settings.plan, { cwd: ROOT });
  const phase = findPhase(plan, settings.phase);
  const steps = (await planSteps(plan, phase, settings, ROOT)).map((step) => shortened(step, engine !== undefined));
  const engines = await checkEngines(steps, settings);
  const unjudged = steps[0]?.load.shape.model === 'open' ? Object.values(UNJUDGED_SECONDS).reduce((sum, seconds) => sum + seconds, 0) : 0;
  const undos: (() => Promise<void>)[] = [takeTheFloor()];
  let feltAtMs: number | null = null;
  let acting: Promise<void> = Promise.resolve();
  const act = async (): Promise<void> => {
    if (feltFromSecond !== undefined) feltAtMs = Date.now() + 1000 * (unjudged + feltFromSecond - 1);
    if (fault === undefined) return;
    await sleep(1000 * Math.max(0, unjudged + fault.afterSeconds - 1), null, { ref: false });
    feltAtMs = Date.now() + 1000 * (fault.feltAfterSeconds ?? 0);
    undos.push(await fault.begin(system));
  };
  for (const [name, pid] of Object.entries(system.demo.pids)) if (first.some((one) => name.startsWith(one))) giveCores(pid);
  system.strain(strain ?? {});
  if (before !== undefined) undos.push(await before(system));
  const timer = setTimeout(() => limit.abort(), 1000 * (unjudged + judgedSeconds * steps.length + MOST_SECONDS));
  try {
    const { run } = await runSteps({
      plan, phase, steps, engines, settings, host, progress: progressFor(() => { acting = act(); }),
      openTarget: async () => ({ url: system.url, demo: null, servers: system.demo.servers, adjustments: [], probes: settings.probes, failover: null, writes: null, stop: async () => {} }),
    });
    await acting;
    seal(run, join(output, run.id));
    return { folder: join(output, run.id), startedAtMs: run.startedAtMs, feltAtMs, spoiledBy: run.steps.flatMap(({ generatorReasons }) => generatorReasons)[0] ?? null };
  } finally {
    clearTimeout(timer);
    for (const undo of undos.toReversed()) await undo();
    system.strain({});
  }
}

/** The facts as the command leaves them, without the report that it writes beside them. */
function seal({ samples: _samples, steps, ...rest }: Run, folder: string): void {
  const facts = { ...rest, steps: steps.map(({ intervals: _intervals, ...step }) => step) };
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ formatVersion: FORMAT_VERSION, facts }));
}

/** The generator is this very process: whatever else the machine does, it must be in time. Without the right to it, it stands in line. */
function takeTheFloor(): () => Promise<void> {
  const stand = (niceness: number): void => {
    try {
      setPriority(niceness);
    } catch { /* in line */ }
    setSessionNiceness('self', niceness);
  };
  stand(-10);
  return async () => stand(0);
}

function giveCores(pid: number): void {
  setSessionNiceness(pid, -10);
}

/** Where Linux shares the cores out among sessions first, a process's own niceness counts within its session alone. */
function setSessionNiceness(pid: number | 'self', niceness: number): void {
  const file = `/proc/${pid}/autogroup`;
  try {
    if (existsSync(file)) writeFileSync(file, String(niceness));
  } catch { /* in line */ }
}

function shortened(step: PlannedStep, isEngineAsked: boolean): PlannedStep {
  const { shape } = step.load;
  if (shape.model !== 'open') return step;
  const stages = shape.stages.map((stage): OpenStage => (stage.judged ? stage : { ...stage, durationSeconds: UNJUDGED_SECONDS[stage.name] ?? stage.durationSeconds }));
  // What is to be too much for a generator needs a real one.
  const engine = isEngineAsked || (step.load.ratePerSec ?? 0) > MOST_LIGHT_PER_SEC ? step.engine : lightEngine(step.engine);
  return { ...step, engine, load: { ...step.load, shape: { model: 'open', stages } } };
}

function hostFor(limit: AbortSignal): Host {
  const screen: Screen = { write: () => {}, isTerminal: false, columns: () => 80, chalk: new Chalk({ level: 0 }) };
  return {
    argv: [], env: {}, cwd: ROOT, out: screen, err: screen, now: () => Date.now(),
    onInterrupt: (stop) => {
      const end = (): void => stop('SIGTERM');
      limit.addEventListener('abort', end, { once: true });
      return () => limit.removeEventListener('abort', end);
    },
  };
}

/** Calls back when the first second of the load is over: an engine needs one to ten seconds to start, on a busy machine. */
function progressFor(onFirstSecond: () => void): Progress {
  let hasBegun = false;
  return {
    say: () => {}, begin: () => {}, read: () => {}, end: () => {},
    tick: () => {
      if (!hasBegun) onFirstSecond();
      hasBegun = true;
    },
  };
}
