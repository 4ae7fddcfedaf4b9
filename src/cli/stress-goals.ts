import { judge } from '../judge/judge.ts';
import { summarize } from '../judge/summarize.ts';
import { comparisonsOf, type Condition } from '../model/condition.ts';
import type { Interval } from '../model/interval.ts';
import { metricOf } from '../model/metrics.ts';
import type { Phase, Plan } from '../model/plan.ts';
import type { Verdict } from '../model/report.ts';
import type { Run, RunStep, StressFacts } from '../model/run.ts';
import type { StressStage } from '../model/stress.ts';
import { conditionsFor } from '../plan/resolve.ts';
import { stageWindows } from '../stats/stages.ts';
import { latencyFigure, scopedRows, tally } from '../stats/tally.ts';
import type { MeasuredStage } from '../stress/findings.ts';
import { goalName, isDecidedLate, readGoal } from '../stress/goal.ts';
import { trendOf, type Trend } from '../stress/trend.ts';
import type { GoalReading, StagePurpose } from '../stress/evidence.ts';
import { inAllLooks } from './stress-proof.ts';

/**
 * The thresholds whose edge is searched: those the phase must keep under load, all of what was asked for among them. A throughput in the
 * document is a least load, not one that breaks when the load rises; what is relative to another stage or run has no base here.
 */
export function goalsAt(plan: Plan, phase: Phase, by: StressFacts['by'], load: number): readonly Condition[] {
  const isGoal = (condition: Condition): boolean => condition.kind === 'threshold' && condition.required
    && comparisonsOf(condition).every(({ metric, relativeTo }) => relativeTo === null && metric !== 'http.throughput' && metricOf(metric)?.form !== 'fact');
  const own = (conditions: readonly Condition[]): Condition[] => conditions.filter(isGoal);
  // Without a stated throughput the derived one stands: completed of asked, at this stage's rate.
  const bare = { ...plan, slo: own(plan.slo), suites: plan.suites.map((suite) => ({ ...suite, thresholds: own(suite.thresholds) })) };
  const conditions = conditionsFor(bare, { ...phase, thresholds: own(phase.thresholds) }, 'load', by === 'rate' ? load : undefined);
  return [...(by === 'rate' ? conditions : conditions.filter(isGoal)), ...own(plan.suites.find(({ id }) => id === 'stress')?.thresholds ?? [])];
}

/** Every goal against the judged seconds of one stage, of a confirming one as strictly as so many looks ask for. A step that is no part of the run yet comes behind all that are. */
export function judgeStage(run: Run, step: RunStep, goals: readonly Condition[]): Verdict[] {
  const verdicts = judge({ ...run, steps: [step] }, [{ suite: 'stress', conditions: goals }], { acceptNoise: false });
  const at = run.steps.indexOf(step);
  return step.stage?.purpose === 'confirm' ? inAllLooks(verdicts, step, at < 0 ? run.steps : run.steps.slice(0, at)) : verdicts;
}

/** What the verdicts of one stage say to the search. */
export function readGoals(step: RunStep, verdicts: readonly Verdict[], purpose: StagePurpose): GoalReading[] {
  const isAllAnswered = lostShare(step) <= LITTLE_LOST;
  return verdicts.flatMap((verdict) => {
    const reading = readGoal(verdict, purpose, isAllAnswered);
    const trend = reading === null || reading.state === 'breaks' ? null : trendIn(step, verdict);
    if (reading === null || trend === null || trend.breakChance <= reading.breakChance) return reading ?? [];
    return { ...reading, state: 'open', breakChance: Math.min(MOST_CHANCE, trend.breakChance) };
  });
}

/** What is only foreseen is never quite certain. */
const MOST_CHANCE = 0.97;

/** How a latency grows from second to second under the steady load of this stage; null where it does not. */
function trendIn(step: RunStep, { condition, limit }: Verdict): Trend | null {
  const [one, another] = comparisonsOf(condition);
  if (one === undefined || another !== undefined || limit === null || (one.op !== '<' && one.op !== '<=') || metricOf(one.metric)?.form !== 'percentile' || one.metric === 'http.max') return null;
  const figures = judgedIntervals(step).flatMap((interval) => {
    const figure = latencyFigure(tally(scopedRows([interval], one.scope)), one.metric, step.timeoutMs);
    return figure === null ? [] : [{ second: interval.second, value: figure.valueMs }];
  });
  return trendOf(figures, limit);
}

/** Half of the twentieth that may be missing. */
const LITTLE_LOST = 0.025;

/** Requests that failed, and those that the journeys which piled up have yet to make, of those that were sent; 1 where nothing tells. */
function lostShare(step: RunStep): number {
  const judged = judgedIntervals(step);
  const sent = judged.reduce((sum, one) => sum + one.sent, 0);
  if (step.shape.model !== 'open' || sent === 0) return 1;
  const { requests, failed } = tally(judged.flatMap(({ rows }) => rows));
  const skipped = judged.reduce((sum, one) => sum + one.skipped, 0);
  return (failed + (Math.max(0, sent - requests) + skipped) * step.requestsPerArrival) / sent;
}

/** A stage as the search sees it, and as it is shown. */
export function measureStage(run: Run, step: RunStep, plan: Plan, phase: Phase): MeasuredStage | null {
  const { stage } = step;
  if (stage === undefined || stage.purpose === 'recovery' || run.stress === undefined) return null;
  const { purpose, load, isHarmful } = stage;
  const verdicts = judgeStage(run, step, goalsAt(plan, phase, run.stress.by, load));
  const goals = readGoals(step, verdicts, purpose);
  const isGeneratorLimit = step.generatorReasons.length > 0 || step.outcome.status === 'failed';
  const seconds = (step.endedAtMs - step.startedAtMs) / 1000;
  const figures = figuresOf(step);
  const answered = run.stress.by === 'rate' ? figures.throughputPerSec : null;
  const evidence = { load, purpose, goals, isGeneratorLimit, isHarmful, seconds, answered, made: madeOf(step) };
  const unread = verdicts.filter(({ status, condition }) => status === 'not-measured' && condition.required).map(({ condition }) => goalName(condition));
  return { evidence, unread, shown: { load, purpose, ...figures, ...outcomeOf(verdicts, purpose, isGeneratorLimit, isHarmful, step) } };
}

function sayGrowth(trend: Trend | null, { condition }: Verdict): string[] {
  if (trend === null) return [];
  return [`${goalName(condition)}: grows by ${Math.round(trend.perSec)} ms every second, which is ${Math.round(trend.projected).toLocaleString('en-US')} ms after a minute`];
}

/** Below this chance of a break nobody would look twice. */
const CLEAR = 0.05;

function outcomeOf(verdicts: readonly Verdict[], purpose: StagePurpose, isGeneratorLimit: boolean, isHarmful: boolean, step: RunStep): Pick<StressStage, 'outcome' | 'told'> {
  const tell = (wanted: Verdict['status'], isMeant: (verdict: Verdict) => boolean = () => true): string[] => verdicts.filter((one) => one.status === wanted && isMeant(one)).map(({ condition, reason }) => `${goalName(condition)}: ${reason}`);
  if (isGeneratorLimit) return { outcome: 'generator', told: step.outcome.status === 'failed' ? [step.outcome.reason] : step.generatorReasons };
  const growing = verdicts.flatMap((verdict) => (readGoals(step, [verdict], purpose).some(({ state, breakChance }) => state === 'open' && breakChance > 0.5) ? sayGrowth(trendIn(step, verdict), verdict) : []));
  const broken = [...tell('fail'), ...growing];
  if (broken.length > 0 || isHarmful) return { outcome: 'breaks', told: isHarmful ? ['ended at once for the harm it did', ...broken] : broken };
  // What a short stage cannot decide, and what only few values keep open far from its limit, is no doubt about the stage.
  const open = tell('inconclusive', (one) => purpose === 'confirm' || (!isDecidedLate(one.condition) && (readGoals(step, [one], purpose)[0]?.breakChance ?? 0) > CLEAR));
  return open.length > 0 ? { outcome: 'open', told: open } : { outcome: 'holds', told: [] };
}

function figuresOf(step: RunStep): Pick<StressStage, 'judgedSeconds' | 'throughputPerSec' | 'p95Ms' | 'meanMs' | 'errorPercent' | 'inFlight'> {
  const { latencyMs, requests, errors, judgedSeconds } = summarize(step);
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
  const full = judgedIntervals(step);
  const throughputPerSec = full.length === 0 ? 0 : tally(full.flatMap(({ rows }) => rows)).successes / full.length;
  const meanMs = latencyMs.mean;
  return {
    judgedSeconds, throughputPerSec, p95Ms: latencyMs.p95, meanMs, errorPercent: requests === 0 ? null : (100 * failed) / requests,
    inFlight: meanMs === null ? null : (throughputPerSec * meanMs) / 1000,
  };
}

/** Requests per second that the arrivals of the judged seconds stand for; null in the closed model, which has none. */
function madeOf(step: RunStep): number | null {
  if (step.shape.model !== 'open') return null;
  const judged = judgedIntervals(step);
  return judged.length === 0 ? null : (judged.reduce((sum, { arrivals }) => sum + arrivals, 0) * step.requestsPerArrival) / judged.length;
}

function judgedIntervals(step: RunStep): Interval[] {
  return stageWindows(step).filter(({ judged }) => judged).flatMap(({ from, to }) => step.intervals.filter(({ second }) => second >= from && second < to));
}
