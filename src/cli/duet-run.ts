import { compareDuet, type DuetOptions } from '../compare/duet.ts';
import type { Comparison } from '../model/comparison.ts';
import type { Phase, Plan } from '../model/plan.ts';
import type { Run, RunStep } from '../model/run.ts';
import { cutShape } from '../run/play.ts';
import { distrust } from '../run/trust.ts';
import { assess } from './assess.ts';
import { deliver } from './deliver.ts';
import { DuetConductor, type Side, type SideTraffic } from './duet-conductor.ts';
import type { Host } from './host.ts';
import { createProgress, type Progress } from './progress.ts';
import { checkEngines, runSteps, type FinishedRun } from './run-steps.ts';
import type { Settings } from './settings.ts';
import type { PlannedStep } from './steps.ts';
import { openTarget, preflight } from './target.ts';
import { toolVersion } from './version.ts';

export interface DuetRequest {
  readonly plan: Plan;
  readonly phase: Phase;
  readonly steps: readonly PlannedStep[];
  readonly settings: Settings;
  readonly targets: Readonly<Record<Side, string>>;
  readonly options: DuetOptions;
  readonly progress: Progress;
  readonly host: Host;
}

/** A look at the figures so often: each costs a tenth of a second, and a decision is never later than that. */
const LOOK_SECONDS = 10;
/** Judged seconds before the first look: blocks of neighbours need some number of blocks. */
const FIRST_LOOK_SECONDS = 30;

/** Puts both targets under the same load at the same time, ends as soon as that decides, and keeps both runs. */
export async function runDuet(request: DuetRequest): Promise<{ readonly base: Run; readonly head: Run }> {
  const { steps, settings, targets, host, progress } = request;
  const sides = { base: sideSettings(settings, targets, 'base'), head: sideSettings(settings, targets, 'head') };
  const conductor = new DuetConductor(steps.length, (step) => look(request, conductor, step));
  const engines = await checkEngines(steps, sides.base);
  for (const side of ['base', 'head'] as const) await preflight(sides[side], steps.map(({ scenario }) => scenario));
  const quiet = createProgress(host.err, true);
  const play = (side: Side): Promise<FinishedRun> => runSteps({
    plan: request.plan, phase: request.phase, engines, settings: sides[side], host, progress: side === 'base' ? progress : quiet,
    steps: steps.map((step, at) => ({ ...step, engine: conductor.part(step.engine, side, at) })),
    openTarget: () => openTarget(sides[side], request.plan, request.phase, progress.say),
  }).finally(() => conductor.release());
  const [base, head] = await Promise.all([play('base'), play('head')]);
  return { base: await keep(request, cutToLoad(base, conductor, 'base'), host), head: await keep(request, cutToLoad(head, conductor, 'head'), host) };
}

/** The probes are left out: what they read would be of both sides at once. */
function sideSettings(settings: Settings, targets: Readonly<Record<Side, string>>, side: Side): Settings {
  const told = { ...settings, target: targets[side], probes: [], duet: side };
  return told;
}

/** Ends the step when every figure is decided, or one is worse: that decides the whole. */
function look(request: DuetRequest, conductor: DuetConductor, step: number): void {
  const traffic = conductor.traffic(step);
  const planned = request.steps[step];
  if (traffic === undefined || planned === undefined || conductor.isEnded(step)) return;
  const seconds = traffic.base.underLoad;
  const judged = seconds - (planned.load.totalSeconds - planned.load.judgedSeconds);
  if (judged < FIRST_LOOK_SECONDS || judged % LOOK_SECONDS !== 0) return;
  const early = compareDuet(snapshot(planned, traffic.base, 'base'), snapshot(planned, traffic.head, 'head'), { ...request.options, force: true, isEarly: true });
  if (isDecided(early)) conductor.endStep(step);
}

function isDecided({ differences }: Comparison): boolean {
  return differences.some(({ status }) => status === 'worse') || (differences.length > 0 && differences.every(({ status }) => status !== 'cannot-tell'));
}

/** What is known of a step while it runs, as a run. */
function snapshot({ suite, scenario, endpoint, engine, load }: PlannedStep, { intervals }: SideTraffic, id: string): Run {
  const startedAtMs = intervals[0]?.startedAtMs ?? 0;
  const step: RunStep = {
    suite, scenario: scenario.file, endpoint, engine: engine.name, engineVersion: '', model: load.shape.model, shape: load.shape, requestsPerArrival: load.requestsPerArrival,
    timeoutMs: scenario.timeoutMs ?? 10_000, startedAtMs, endedAtMs: startedAtMs, outcome: { status: 'completed' }, intervals: [...intervals], generatorReasons: [],
  };
  return {
    formatVersion: 1, id, startedAtMs, endedAtMs: startedAtMs, plan: { id: '', phase: '', file: '' }, target: { url: '', demo: null, servers: [] }, suites: [suite],
    steps: [step], samples: [], probes: [], interrupted: null, assumptions: [], environment: {}, configuration: {}, acceptNoise: false,
  };
}

/** The load that was asked for ended when it was decided: what came after is no missing load, and the generator is not to blame for it. */
function cutToLoad({ run, folder }: FinishedRun, conductor: DuetConductor, side: Side): FinishedRun {
  const steps = run.steps.map((step, at) => {
    const traffic = conductor.traffic(at);
    if (traffic === undefined || !conductor.isEnded(at) || step.outcome.status !== 'completed') return step;
    const shape = cutShape(step.shape, traffic[side].underLoad);
    return { ...step, shape, generatorReasons: distrust({ engine: step.engine, shape, intervals: step.intervals.slice(0, traffic[side].underLoad) }) };
  });
  return { run: { ...run, steps }, folder };
}

async function keep({ plan, phase }: DuetRequest, { run, folder }: FinishedRun, host: Host): Promise<Run> {
  await deliver(assess(run, plan, phase, { folder: folder.shownPath, toolVersion: toolVersion() }), [], folder, host);
  return run;
}
