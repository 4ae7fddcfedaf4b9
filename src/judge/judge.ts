import { comparisonsOf, isAlternative, type Comparison, type Condition } from '../model/condition.ts';
import type { SuiteId } from '../model/plan.ts';
import type { Verdict } from '../model/report.ts';
import type { Run, RunStep } from '../model/run.ts';
import type { Baseline } from './baseline.ts';
import { sayScope } from './http-figure.ts';
import { judgeComparison, type Facts, type Outcome } from './outcome.ts';

/** Conditions and the suite on whose traffic they are judged. */
export interface ConditionGroup {
  readonly suite: SuiteId;
  readonly conditions: readonly Condition[];
}

export interface JudgeOptions {
  readonly acceptNoise: boolean;
  readonly baseline?: Baseline | null;
}

/** Every condition against the facts of a run, in the order given. Pure: the same run gives the same verdicts at any time. */
export function judge(run: Run, groups: readonly ConditionGroup[], options: JudgeOptions): Verdict[] {
  return groups.flatMap(({ suite, conditions }) => {
    const steps = run.steps.filter((step) => step.suite === suite);
    const facts = { run, steps, acceptNoise: options.acceptNoise, baseline: options.baseline ?? null };
    return conditions.flatMap((condition) => judgeCondition(facts, suite, condition)).map((verdict) => ({ ...verdict, suite }));
  });
}

/** A verdict before its suite is written down. */
type Judged = Omit<Verdict, 'suite'>;

function judgeCondition(facts: Facts, suite: SuiteId, condition: Condition): Judged[] {
  if (facts.steps.length === 0 && !isSettledWithoutSteps(condition)) {
    const wasAsked = facts.run.suites.includes(suite);
    return [verdictOf(condition, wasAsked
      ? nothing('inconclusive', `the run ended before the ${suite} suite began`)
      : nothing('not-measured', `the ${suite} suite was not part of this run`))];
  }
  if (suite !== 'unit' || !comparisonsOf(condition).some((one) => one.metric.startsWith('http.'))) {
    return [judgeOn(facts, condition)];
  }
  const endpoints = facts.steps.filter((step) => step.endpoint !== null && matches(step, condition));
  if (endpoints.length > 0) return endpoints.map((step) => judgeOn({ ...facts, steps: [step] }, forEndpoint(condition, step)));
  const isScoped = comparisonsOf(condition).some((one) => Object.keys(one.scope).length > 0);
  if (!isScoped) return [judgeOn(facts, condition)];
  const scope = sayScope(comparisonsOf(condition)[0]?.scope ?? {});
  return [verdictOf(condition, nothing('not-measured', `no endpoint of this run is ${scope}`))];
}

/** Facts for people and missing probes have a better reason to give than a missing suite. */
function isSettledWithoutSteps(condition: Condition): boolean {
  return comparisonsOf(condition).every((one) => !one.metric.startsWith('http.'));
}

function judgeOn(facts: Facts, condition: Condition): Judged {
  const must = condition.kind === 'threshold';
  const outcomes = comparisonsOf(condition).map((one) => judgeComparison(facts, one, must));
  const outcome = eitherOf(outcomes);
  const failed = facts.steps.find((step) => step.outcome.status === 'failed');
  const isGood = must ? outcome.state === 'holds' : outcome.state === 'breaks';
  if (failed?.outcome.status === 'failed' && (isGood || outcome.state === 'inconclusive')) {
    // Half a run must not be the evidence that all is well.
    return verdictOf(condition, { ...outcome, state: 'inconclusive', reason: `${failed.engine} failed: ${failed.outcome.reason}; until then ${outcome.reason}` });
  }
  return verdictOf(condition, outcome);
}

/** Alternatives: one that holds is enough; it breaks when all do; else what is unknown decides what is said. */
function eitherOf(outcomes: readonly Outcome[]): Outcome {
  const [first] = outcomes;
  if (first === undefined) return nothing('not-measured', 'the condition compares nothing');
  if (outcomes.length === 1) return first;
  const decisive =
    outcomes.find(({ state }) => state === 'holds') ??
    outcomes.find(({ state }) => state === 'inconclusive') ??
    outcomes.find(({ state }) => state === 'not-measured') ??
    first;
  if (decisive.state === 'holds') return decisive;
  return { ...decisive, reason: outcomes.map(({ reason }) => reason).join('; or ') };
}

function verdictOf(condition: Condition, { state, figure, limit, reason }: Outcome): Judged {
  return {
    condition, status: statusOf(condition, state), observed: figure?.observed ?? null, low: figure?.low ?? null, high: figure?.high ?? null,
    limit, margin: marginOf(condition, figure?.observed ?? null, limit), samples: figure?.samples ?? 0, reason,
  };
}

function statusOf(condition: Condition, state: Outcome['state']): Verdict['status'] {
  if (state === 'inconclusive' || state === 'not-measured') return state;
  if (condition.kind !== 'threshold') return state === 'holds' ? 'fired' : 'not-fired';
  if (state === 'holds') return 'pass';
  return condition.level === 'warn' ? 'warn' : 'fail';
}

/** Distance from the limit as a share of it. The good side of a threshold is where it holds, that of a sign where it does not. */
function marginOf(condition: Condition, observed: number | null, limit: number | null): number | null {
  if (observed === null || limit === null || limit === 0 || isAlternative(condition) || condition.forSeconds !== null) return null;
  if (condition.op === '==') return null;
  const isLess = condition.op === '<' || condition.op === '<=';
  const distance = (limit - observed) / Math.abs(limit);
  return isLess === (condition.kind === 'threshold') ? distance : -distance;
}

function matches(step: RunStep, condition: Condition): boolean {
  return comparisonsOf(condition).every(({ scope }) =>
    (scope.journey === undefined || scope.journey === step.endpoint?.journey) && (scope.step === undefined || scope.step === step.endpoint?.step));
}

/** The condition with its endpoint put in, so that the verdict says which it was. */
function forEndpoint(condition: Condition, step: RunStep): Condition {
  const endpoint = step.endpoint;
  if (endpoint === null) return condition;
  const named = <T extends Comparison>(one: T): T => ({ ...one, scope: { ...one.scope, journey: endpoint.journey, step: endpoint.step } });
  return isAlternative(condition) ? { ...condition, anyOf: condition.anyOf.map((one) => (one.metric.startsWith('http.') ? named(one) : one)) } : named(condition);
}

function nothing(state: 'inconclusive' | 'not-measured', reason: string): Outcome {
  return { state, figure: null, limit: null, reason };
}
