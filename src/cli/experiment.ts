import type { ExperimentSettings } from '../config/configuration.ts';
import { applicationNamed } from '../demo/applications.ts';
import { ScaleplanError } from '../errors.ts';
import type { ShapedLoad } from '../load/shape-request.ts';
import { APPLICATIONS } from '../model/application.ts';
import { comparisonsOf, type Condition } from '../model/condition.ts';
import { parseCondition } from '../model/grammar.ts';
import { didYouMean } from '../model/nearest.ts';
import type { ClosedStage, OpenStage } from '../model/load.ts';
import type { Phase, Plan } from '../model/plan.ts';
import { conditionsFor } from '../plan/resolve.ts';
import { byCommands } from '../run/commands.ts';
import type { Disturbance } from '../run/experiment.ts';
import type { Settings } from './settings.ts';
import type { PlannedStep } from './steps.ts';
import type { Target } from './target.ts';

/** Long enough for pools and queues to fill and for users to feel it, short enough for a run of minutes. */
const LASTS_SECONDS = 20;
/** A process is started again within seconds; whoever has not come back after three quarters of a minute would be called an outage. */
const WATCH_SECONDS = 45;
/** Writes begin before it, so that some are under way when it begins. */
const LEAD_SECONDS = 3;

/** What `--during` names, before anything is started. */
export interface PlannedExperiment {
  readonly name: string;
  readonly what: string;
  readonly lastsSeconds: number;
  readonly expects: readonly Condition[];
  /** The step it is made in, and the second of that step's load. */
  readonly step: number;
  readonly beginsAtSecond: number;
  readonly leadSeconds: number;
  readonly disturbance: (target: Target) => Disturbance;
}

type KnownExperiment = Pick<PlannedExperiment, 'name' | 'what' | 'lastsSeconds' | 'disturbance'> & { readonly expect: readonly string[] | null };

/** The plan whose application has this experiment, where nobody named a plan. */
export async function planForExperiment(name: string, fallback: string): Promise<string> {
  for (const id of [fallback, ...APPLICATIONS]) {
    const application = APPLICATIONS.find((known) => known === id);
    if (application !== undefined && (await applicationNamed(application)).experiments?.some((one) => one.id === name)) return id;
  }
  return fallback;
}

/** Finds the experiment and makes room for it behind the judged part of the load suite. Throws `unknown-name`, `wrong-usage`. */
export async function planExperiment(name: string, steps: readonly PlannedStep[], plan: Plan, phase: Phase, settings: Settings, cwd: string): Promise<{ experiment: PlannedExperiment; steps: PlannedStep[] }> {
  const known = settings.target === null ? await ofApplication(name, plan) : ofConfiguration(name, settings.experiments, cwd);
  const at = steps.findLastIndex(({ suite }) => suite === 'load');
  const step = steps[at];
  if (step === undefined) throw new ScaleplanError('wrong-usage', `The experiment ${name} needs the load suite, and it is not among the suites of this run.`, { hint: 'Add it: --suite load.' });
  const load = withRoom(step.load, known);
  const { expect, ...rest } = known;
  const experiment = {
    ...rest, expects: expectationsOf(expect, plan, phase, step.load.ratePerSec ?? undefined), step: at,
    beginsAtSecond: step.load.totalSeconds + LEAD_SECONDS, leadSeconds: LEAD_SECONDS,
  };
  return { experiment, steps: steps.map((one) => (one === step ? { ...step, load } : one)) };
}

async function ofApplication(name: string, plan: Plan): Promise<KnownExperiment> {
  const experiments = (await applicationNamed(plan.application)).experiments ?? [];
  const found = experiments.find(({ id }) => id === name);
  if (found !== undefined) {
    return {
      name, what: found.what, lastsSeconds: LASTS_SECONDS, expect: null,
      disturbance: ({ experiment }) => experiment ?? { begin: () => Promise.reject(new Error('the reference application was not made ready for it')), end: null },
    };
  }
  const elsewhere = await planForExperiment(name, plan.application);
  if (elsewhere !== plan.application) {
    throw new ScaleplanError('unknown-name', `The reference application of ${plan.id} has no experiment "${name}": it is one of ${elsewhere}’s.`, { hint: `Write --plan ${elsewhere}.` });
  }
  const all = (await Promise.all(APPLICATIONS.map(async (id) => (await applicationNamed(id)).experiments ?? []))).flat().map(({ id }) => id);
  throw new ScaleplanError('unknown-name', `There is no experiment "${name}"${didYouMean(name, all)}`, { hint: `The reference applications have: ${all.join(', ')}. For a target of your own they stand in the configuration, as experiments.` });
}

function ofConfiguration(name: string, experiments: Readonly<Record<string, ExperimentSettings>>, cwd: string): KnownExperiment {
  const found = experiments[name];
  if (found === undefined) {
    const names = Object.keys(experiments);
    throw new ScaleplanError('unknown-name', `The configuration has no experiment "${name}"${didYouMean(name, names)}`, {
      hint: names.length > 0 ? `It has: ${names.join(', ')}.` : 'Write one into scaleplan.config.yaml: experiments: {kill-instance: {begin: "docker kill shop-1", end: "docker start shop-1"}}',
    });
  }
  const { begin, end, lasts, expect } = found;
  const lastsSeconds = lasts ?? LASTS_SECONDS;
  return { name, what: end === null ? begin : `${begin}, and after ${lastsSeconds} s ${end}`, lastsSeconds, expect, disturbance: () => byCommands({ begin, end }, cwd) };
}

/** What the plan asks of the phase, of what the users themselves feel; or what the configuration asks instead. */
function expectationsOf(own: readonly string[] | null, plan: Plan, phase: Phase, ratePerSec: number | undefined): readonly Condition[] {
  if (own !== null) return own.map(conditionOf);
  return conditionsFor(plan, phase, 'load', ratePerSec).filter((condition) =>
    condition.kind === 'threshold' && condition.required && comparisonsOf(condition).every(({ metric, relativeTo }) => metric.startsWith('http.') && relativeTo !== 'baseline'));
}

function conditionOf(text: string): Condition {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new ScaleplanError('wrong-configuration', `The expectation "${text}" is no condition: ${parsed.problem.message}.`, { hint: 'For example http.error_rate < 1 %.' });
  const role = { kind: 'threshold', level: 'fail', required: true, reason: null, text, source: null, place: null, assumes: [] } as const;
  const [only] = parsed.comparisons;
  return only !== undefined && parsed.comparisons.length === 1 ? { ...only, ...role } : { anyOf: parsed.comparisons, ...role };
}

/** The experiment and the watch over the recovery are not judged with the rest: the plan's limits are those of ordinary days. */
function withRoom(load: ShapedLoad, { name, lastsSeconds }: KnownExperiment): ShapedLoad {
  const experimentSeconds = LEAD_SECONDS + lastsSeconds;
  const { shape } = load;
  const more = <Stage extends OpenStage | ClosedStage>(last: Stage | undefined, level: Partial<Stage>): Stage[] => (last === undefined ? [] : [
    { ...last, ...level, name: 'experiment', judged: false, durationSeconds: experimentSeconds },
    { ...last, ...level, name: 'recovery', judged: false, durationSeconds: WATCH_SECONDS },
  ]);
  const last = shape.stages.at(-1);
  if (last !== undefined && 'exactly' in last && last.exactly !== undefined) throw new ScaleplanError('wrong-usage', 'An experiment needs a load that goes on; this step sends a fixed number of requests.', { hint: 'Choose another scenario or profile.' });
  return {
    ...load,
    shape: shape.model === 'open'
      ? { model: 'open', stages: [...shape.stages, ...more(shape.stages.at(-1), levelOf(shape.stages.at(-1)))] }
      : { model: 'closed', stages: [...shape.stages.map((stage) => ({ ...stage, enough: null })), ...more(shape.stages.at(-1), { enough: null })] },
    totalSeconds: load.totalSeconds + experimentSeconds + WATCH_SECONDS,
    because: [...load.because, `${name} behind the judged part: ${LEAD_SECONDS} s before it, ${lastsSeconds} s for it, ${WATCH_SECONDS} s to watch the way back`],
  };
}

/** At the level the load has come to. */
function levelOf(last: OpenStage | undefined): Partial<OpenStage> {
  return last === undefined ? {} : { arrivalsPerSec: { from: last.arrivalsPerSec.to, to: last.arrivalsPerSec.to } };
}
