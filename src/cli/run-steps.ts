import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { EngineLoad } from '../engines/engine.ts';
import { ScaleplanError } from '../errors.ts';
import type { ExperimentFacts } from '../model/experiment.ts';
import { redact } from '../model/redact.ts';
import type { Phase, Plan } from '../model/plan.ts';
import { FORMAT_VERSION, type Run, type RunStep, type Trial } from '../model/run.ts';
import type { ProbeStatus, Sample } from '../model/sample.ts';
import { conditionsFor } from '../plan/resolve.ts';
import { startSampler } from '../probes/sampler.ts';
import { describeEnvironment } from '../run/environment.ts';
import { executeSteps } from '../run/execute.ts';
import { generatorSamples } from '../run/generator-samples.ts';
import type { PreparedStep } from '../run/play.ts';
import { assertWritable, createRunFolder, type RunFolder } from '../run/store.ts';
import { isDecided } from './decided.ts';
import { askedOf, type AskedMix } from './asked-mix.ts';
import type { PlannedExperiment } from './experiment.ts';
import type { Host } from './host.ts';
import type { ProgressStep } from './live-view.ts';
import type { Progress } from './progress.ts';
import { openExperiment } from './run-experiment.ts';
import type { Settings } from './settings.ts';
import { sayLoad, type PlannedStep } from './steps.ts';
import type { Target } from './target.ts';
import { tryFailover } from './try-failover.ts';
import { toolVersion } from './version.ts';

/** A request that takes longer than this is given up, unless the scenario says otherwise: what the engines' own defaults are. */
export const DEFAULT_TIMEOUT_MS = 10_000;

export interface RunRequest {
  readonly plan: Plan;
  readonly phase: Phase;
  readonly steps: readonly PlannedStep[];
  /** What is done to the target while the load runs. */
  readonly experiment?: PlannedExperiment;
  /** Version of each step's engine. */
  readonly engines: ReadonlyMap<string, string>;
  readonly settings: Settings;
  readonly host: Host;
  readonly progress: Progress;
  readonly openTarget: () => Promise<Target>;
}

export interface FinishedRun {
  readonly run: Run;
  readonly folder: RunFolder & { readonly shownPath: string };
}

/** Which versions will run. Throws `engine-missing` with what to install, `engine-cannot` for what an engine cannot express. */
export async function checkEngines(steps: readonly PlannedStep[], settings: Settings): Promise<ReadonlyMap<string, string>> {
  const versions = new Map<string, string>();
  // The reference application has no address yet; what an engine can express does not depend on it.
  for (const step of steps) step.engine.prepare(engineLoad(step, settings, settings.target ?? 'http://127.0.0.1', ''));
  for (const { engine } of steps) {
    if (versions.has(engine.name)) continue;
    const check = await engine.check();
    if (!check.usable) throw new ScaleplanError('engine-missing', `The engine ${engine.name} cannot be used: ${check.reason}`, { hint: check.hint });
    versions.set(engine.name, check.version);
  }
  return versions;
}

/** Opens the target, reads the servers while the steps run, and seals the run: interrupted or not, whatever was measured is kept. */
export async function runSteps(request: RunRequest): Promise<FinishedRun> {
  const { settings, host, progress, plan, phase } = request;
  assertWritable(settings.output);
  const interrupt = new AbortController();
  let interrupted: Run['interrupted'] = null;
  const release = host.onInterrupt((signal) => {
    interrupted = signal;
    progress.say(`\nInterrupted: letting requests in flight end, then sealing the run. Once more ends it at once.`);
    interrupt.abort();
  });
  try {
    const target = await request.openTarget();
    try {
      const folder = createRunFolder(settings.output, plan.id, phase.id, host.now());
      const facts = { ...request, target, folder, startedAtMs: host.now(), asked: await askedOf(request.steps) };
      const measured = await measure(facts, interrupt.signal);
      folder.close();
      return { run: assembleRun(facts, { ...measured, interrupted }), folder: { ...folder, shownPath: relative(host.cwd, folder.path) || folder.path } };
    } finally {
      await target.stop();
    }
  } finally {
    release();
  }
}

interface RunContext extends RunRequest {
  readonly target: Target;
  readonly folder: RunFolder;
  readonly startedAtMs: number;
  readonly asked: AskedMix;
}

interface Measured {
  readonly steps: readonly RunStep[];
  readonly samples: readonly Sample[];
  readonly probes: readonly ProbeStatus[];
  readonly trials?: readonly Trial[];
  readonly experiment?: ExperimentFacts;
}

/** Probes first, then the engine; the engine stops first, so that the servers are seen to the end of the load. */
async function measure(context: RunContext, signal: AbortSignal): Promise<Measured> {
  const { folder, progress, settings, target } = context;
  const prepared = context.steps.map((step, index) => prepareStep(step, index, context));
  const samples: Sample[] = [];
  const sampler = await startSampler({
    probes: target.probes,
    metricNames: settings.metricNames,
    onSample: (sample) => {
      samples.push(sample);
      folder.appendSamples([sample]);
      progress.read(sample);
    },
    onStatus: (status) => {
      if (status.status !== 'ok') progress.say(`Probe ${status.kind} ${status.status}: ${status.reason}${status.hint ? ` ${status.hint}` : ''}`);
    },
  });
  const during = context.experiment === undefined ? null : openExperiment(context.experiment, target, progress.say, signal);
  try {
    const begun: PreparedStep[] = [];
    const steps = await executeSteps(prepared, {
      onStep: (index, step) => {
        begun.push(step);
        sealAsFarAs(context, { steps: begun.map((one) => unfinished(one)), samples: [], probes: sampler.statuses() });
        progress.begin(progressStep(context, index, step), index, prepared.length);
      },
      onInterval: (index, interval) => {
        folder.appendInterval(index, interval);
        const ofGenerator = generatorSamples(prepared[index]?.engine.name ?? 'artillery', interval);
        samples.push(...ofGenerator);
        folder.appendSamples(ofGenerator);
        during?.onInterval(index, interval);
        progress.tick(interval);
      },
      isDecided: (step) => isDecided(assembleRun(context, { steps: [step], samples: [], probes: [], interrupted: null }), context.plan, context.phase),
    }, during?.signal ?? signal);
    const tried = await during?.finish();
    const probes = sampler.statuses();
    // What is lost on purpose from here on must not count as a probe that was lost.
    await sampler.stop();
    // An experiment has done enough to it.
    return { steps, samples, probes, ...(tried ?? { trials: await tryFailover(context, steps, signal) }) };
  } finally {
    progress.end();
    await during?.finish();
    await sampler.stop();
  }
}

function prepareStep(step: PlannedStep, index: number, context: RunContext): PreparedStep {
  const workDir = join(context.folder.logs, `${index + 1}-${step.endpoint?.step ?? step.suite}-${step.engine.name}`.replaceAll(/[^\w.-]+/g, '-'));
  mkdirSync(workDir, { recursive: true });
  return {
    suite: step.suite,
    engine: step.engine,
    engineVersion: context.engines.get(step.engine.name) ?? 'unknown',
    requestsPerArrival: step.load.requestsPerArrival,
    scenarioHash: step.scenarioHash,
    load: engineLoad(step, context.settings, context.target.url, workDir),
  };
}

function engineLoad(step: PlannedStep, settings: Settings, target: string, workDir: string): EngineLoad {
  return {
    target, scenario: step.scenario, shape: step.load.shape, endpoint: step.endpoint,
    timeoutMs: step.scenario.timeoutMs ?? DEFAULT_TIMEOUT_MS, headers: settings.headers, workDir,
  };
}

/** So that a run that is cut off by a crash can be read: the facts as they are known when a step begins. */
function sealAsFarAs(context: RunContext, measured: Measured): void {
  const { samples: _, ...facts } = assembleRun(context, { ...measured, interrupted: null });
  context.folder.write('run.json', JSON.stringify({ formatVersion: FORMAT_VERSION, facts }));
}

function unfinished(step: PreparedStep): RunStep {
  const now = Date.now();
  return {
    suite: step.suite, scenario: step.load.scenario.file, ...(step.scenarioHash === undefined ? {} : { scenarioHash: step.scenarioHash }), endpoint: step.load.endpoint, engine: step.engine.name, engineVersion: step.engineVersion,
    model: step.load.shape.model, shape: step.load.shape, requestsPerArrival: step.requestsPerArrival, timeoutMs: step.load.timeoutMs,
    startedAtMs: now, endedAtMs: now, outcome: { status: 'failed', reason: 'scaleplan was cut off' }, intervals: [], generatorReasons: [],
  };
}

function assembleRun(context: RunContext, measured: Measured & { readonly interrupted: Run['interrupted'] }): Run {
  const { plan, phase, settings, target, folder, host } = context;
  const load = context.steps.find(({ suite }) => suite === 'load')?.load;
  return {
    formatVersion: FORMAT_VERSION,
    id: folder.id,
    startedAtMs: context.startedAtMs,
    endedAtMs: host.now(),
    plan: { id: plan.id, phase: phase.id, file: plan.file },
    target: { url: redact(target.url), demo: target.demo, servers: target.servers },
    suites: settings.suites,
    steps: measured.steps,
    samples: measured.samples,
    ...(measured.trials === undefined || measured.trials.length === 0 ? {} : { trials: measured.trials }),
    probes: measured.probes,
    ...(measured.experiment === undefined ? {} : { experiment: measured.experiment }),
    interrupted: measured.interrupted,
    assumptions: assumptionsOf(context),
    environment: describeEnvironment(toolVersion()),
    configuration: redact({ ...settings, ...context.asked, ratePerSec: load?.ratePerSec ?? null, meanRatePerSec: load?.meanRatePerSec ?? null, users: settings.users }),
    acceptNoise: settings.acceptNoise,
  };
}

/** How the load and its duration were come by: a reader of the report must be able to redo the sum. */
function assumptionsOf({ phase, steps, target }: RunContext): string[] {
  const sums = steps.map(({ suite, load }) => `${suite}: ${load.because.join('; ')}`);
  return [`load: ${sayLoad(phase, steps)}`, ...new Set(sums), ...target.adjustments.map((one) => `reference application: ${one}`)];
}

function progressStep({ plan, phase, steps }: RunContext, index: number, step: PreparedStep): ProgressStep {
  const load = steps[index]?.load;
  return {
    label: labelOf(step), shape: step.load.shape, timeoutMs: step.load.timeoutMs, requestsPerArrival: step.requestsPerArrival,
    conditions: conditionsFor(plan, phase, step.suite, load?.meanRatePerSec ?? load?.ratePerSec ?? undefined),
  };
}

function labelOf({ suite, load }: PreparedStep): string {
  return load.endpoint ? `${suite} ${load.endpoint.step}` : suite;
}
