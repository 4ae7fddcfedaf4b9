import { outlookFrom } from '../capacity/outlook.ts';
import { limitsOf } from '../capacity/predict.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import { situationOf } from '../diagnose/situation.ts';
import { judge } from '../judge/judge.ts';
import { summarize } from '../judge/summarize.ts';
import { comparisonsOf, type Condition } from '../model/condition.ts';
import type { Estimate } from '../model/estimate.ts';
import type { Phase, Plan } from '../model/plan.ts';
import type { Diagnosis, Outlook, Report, Validity, Verdict } from '../model/report.ts';
import type { Run, RunStep, StressFacts } from '../model/run.ts';
import type { Recovery, StressFindings } from '../model/stress.ts';
import { conditionsFor } from '../plan/resolve.ts';
import { hasHeld, hasProvenBreak } from '../stress/evidence.ts';
import { capacityOf, findingsOf, type MeasuredStage } from '../stress/findings.ts';
import { recoverySeconds, stuckAfter } from '../stress/recovery.ts';
import { noteBusyHost } from './busy-host.ts';
import { nextLimit } from './next-limit.ts';
import { sayLoad } from './say-load.ts';
import { perSecOf, stressExitCode } from './stress-exit-code.ts';
import { serviceDemands } from './service-demands.ts';
import { goalsAt, judgeStage, measureStage } from './stress-goals.ts';

/** The edge is diagnosed where it is clearly passed: at about this multiple of it. */
const DIAGNOSED_AT = 1.25;

/** The facts of a search → report: the edge, what holds right below it, what broke above it. Pure, as `assess`. */
export function assessStress(run: Run, facts: StressFacts, plan: Plan, phase: Phase, more: { readonly folder: string; readonly toolVersion: string }): Report {
  const all = run.steps.flatMap((step) => {
    const found = measureStage(run, step, plan, phase);
    return found === null ? [] : [{ step, ...found }];
  });
  const measured = all.filter((one) => !isCutOff(one));
  const cut = all.filter(isCutOff).map(({ step, evidence }) => `The stage at ${sayLoad(evidence.load, facts.by)} was cut off after ${step.intervals.length} s and counts for nothing.`);
  const found = findingsOf(facts, measured, recoveryOf(run, plan, phase, facts));
  const capacity = capacityOf(found, plan.load.requestsPerUserPerMinute.max / 60);
  const users = capacity?.users.mid ?? Math.round((mostHeldPerSec(measured, facts) * 60) / plan.load.requestsPerUserPerMinute.max);
  const validity = validityOf(run, found);
  const verdicts = verdictsOf(run, plan, phase, facts, found, measured);
  const diagnosis = diagnoseEdge(run, plan, phase, facts, found, measured, users, validity);
  const [lowest] = measured.toSorted((a, b) => a.evidence.load - b.evidence.load);
  const busy = lowest === undefined ? [] : noteBusyHost(run.samples, lowest.step, sayLoad(lowest.evidence.load, facts.by));
  const stress = { ...found, notes: [...busy, ...cut, ...found.notes], ...lawsOf(run, plan, phase, found, measured, diagnosis) };
  return {
    run, plan, phase, validity, verdicts, diagnosis, stress,
    steps: run.steps.map(summarize),
    outlook: outlookAt(plan, users, diagnosis, capacity, stress.behind),
    exitCode: stressExitCode({ run, facts, phase, validity, verdicts, stress, capacity }),
    folder: more.folder, toolVersion: more.toolVersion,
  };
}

type PlayedStage = MeasuredStage & { readonly step: RunStep };

/** Without those that the generator spoiled, the lowest load first. */
function usableByLoad(measured: readonly PlayedStage[]): PlayedStage[] {
  return measured.filter(({ evidence }) => !evidence.isGeneratorLimit).toSorted((a, b) => a.evidence.load - b.evidence.load);
}

/** Ended from outside before it had shown anything: whatever it says by then is chance. What is proven, or did harm, stays so. */
function isCutOff({ step, evidence }: PlayedStage): boolean {
  return step.outcome.status === 'stopped' && !hasProvenBreak(evidence);
}

/** The most requests per second at which every threshold held: what nobody made, or what broke, shows no users. */
function mostHeldPerSec(measured: readonly MeasuredStage[], { by }: StressFacts): number {
  const held = measured.filter(({ evidence }) => !evidence.isGeneratorLimit && hasHeld(evidence));
  return Math.max(0, ...held.map(({ shown }) => perSecOf(shown, by)));
}

/** The last way back that was watched; an overload that ended for the harm it did has it in a step of its own. */
function recoveryOf(run: Run, plan: Plan, phase: Phase, { by }: StressFacts): Recovery | null {
  const steps = run.steps.filter(({ stage }) => stage?.purpose === 'recovery');
  const step = steps.at(-1);
  const overloadSeconds = step?.stage?.overloadSeconds ?? null;
  if (step?.stage === undefined || overloadSeconds === null || step.intervals.length <= overloadSeconds) return null;
  const [normal] = step.shape.model === 'open' ? step.shape.stages.slice(-1).map(({ arrivalsPerSec }) => arrivalsPerSec.to * step.requestsPerArrival) : step.shape.stages.slice(-1).map(({ users }) => users);
  const normalLoad = normal ?? 0;
  const pause = overloadSeconds > 0 ? 0 : pauseBefore(run, step);
  const seconds = recoverySeconds(step, overloadSeconds, { conditions: goalsAt(plan, phase, by, normalLoad), perSec: by === 'rate' ? normalLoad : 0, samples: run.samples });
  const last = step.intervals.at(-1)?.startedAtMs ?? step.endedAtMs;
  return {
    overloadLoad: step.stage.load, normalLoad, watchedSeconds: step.intervals.length - overloadSeconds + pause,
    seconds: seconds === null ? null : seconds + pause,
    stuck: stuckAfter(run.samples, last),
  };
}

/** Seconds between the end of the load before this step and its own begin. */
function pauseBefore(run: Run, step: RunStep): number {
  const before = run.steps[run.steps.indexOf(step) - 1];
  const [begin, first] = [step.intervals[0]?.startedAtMs, before?.intervals[0]?.startedAtMs];
  if (before === undefined || begin === undefined || first === undefined) return 0;
  const underLoad = before.shape.stages.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  return Math.max(0, Math.round((begin - first) / 1000 - underLoad));
}

/** The thresholds at the load that was confirmed, else where they were looked at longest and none broke, else at the lowest load; and what was found by doing something beside the load. */
function verdictsOf(run: Run, plan: Plan, phase: Phase, { by }: StressFacts, { confirmedLoad }: StressFindings, measured: readonly PlayedStage[]): Verdict[] {
  const usable = usableByLoad(measured);
  const shown = usable.find(({ evidence }) => evidence.purpose === 'confirm' && evidence.load === confirmedLoad)
    ?? usable.filter(({ shown: one }) => one.outcome !== 'breaks').toSorted((a, b) => b.shown.judgedSeconds - a.shown.judgedSeconds || b.evidence.load - a.evidence.load)[0]
    ?? usable[0];
  const atLoad = shown === undefined ? [] : judgeStage(run, shown.step, goalsAt(plan, phase, by, shown.evidence.load));
  return [...atLoad, ...judge({ ...run, steps: [] }, [{ suite: 'stress', conditions: triedConditions(run, plan, phase) }], { acceptNoise: run.acceptNoise })];
}

/** What only this suite can decide is required of it. */
function triedConditions(run: Run, plan: Plan, phase: Phase): Condition[] {
  const metrics = new Set<string>(['service.data_consistency', ...(run.trials ?? []).map(({ metric }) => metric)]);
  const asked = [...conditionsFor(plan, phase, 'load'), ...conditionsFor(plan, phase, 'stress')].filter((condition) => comparisonsOf(condition).every(({ metric }) => metrics.has(metric)));
  const wasTried = (condition: Condition): boolean => comparisonsOf(condition).every(({ metric }) => run.trials?.some((trial) => trial.metric === metric) === true);
  return asked.map((condition) => (wasTried(condition) ? { ...condition, required: true, reason: null } : condition));
}

/**
 * The stage clearly beyond the edge against the lowest one that held, as a test looks at its judged stage against its reference. Where one has harmed
 * somebody already it is one of those: of a stage that is only foreseen to break, by how its latency grew, nobody was harmed yet.
 */
function diagnoseEdge(run: Run, plan: Plan, phase: Phase, { by }: StressFacts, { edge }: StressFindings, measured: readonly PlayedStage[], users: number, validity: Validity): Diagnosis {
  const usable = usableByLoad(measured);
  const broken = usable.filter(({ shown }) => shown.outcome === 'breaks');
  const proven = broken.filter(({ evidence }) => hasProvenBreak(evidence));
  const at = edge === null ? Math.min(...broken.map(({ evidence }) => evidence.load)) : edge.mid * DIAGNOSED_AT;
  const [seen] = (proven.length > 0 ? proven : broken).toSorted((a, b) => Math.abs(Math.log(a.evidence.load / at)) - Math.abs(Math.log(b.evidence.load / at)));
  if (seen === undefined) return { outcome: validity.saturated ? 'generator' : 'none', bottlenecks: [], harm: [], unknown: [], observations: [] };
  const [calm] = usable.filter(({ shown }) => shown.outcome !== 'breaks');
  const view = { ...run, steps: [...(calm === undefined ? [] : [asReference(calm.step)]), seen.step] };
  const verdicts = judgeStage(run, seen.step, goalsAt(plan, phase, by, seen.evidence.load));
  return diagnose({ situation: situationOf(view), plan, verdicts, validity: { ...validity, valid: true, saturated: false }, users });
}

/** The lowest stage and the highest one that did not break; null where they are not two. */
function heldStages({ edge }: StressFindings, measured: readonly PlayedStage[]): { readonly calm: PlayedStage; readonly busy: PlayedStage } | null {
  const held = usableByLoad(measured).filter(({ evidence, shown }) => shown.outcome !== 'breaks' && evidence.load <= (edge?.high ?? Infinity));
  const [calm, busy] = [held[0], held.at(-1)];
  return calm === undefined || busy === undefined || calm === busy ? null : { calm, busy };
}

/** What the operational laws say of those two: of the next limit and of every request; in the closed model the load has no rate to speak of. */
function lawsOf(run: Run, plan: Plan, phase: Phase, found: StressFindings, measured: readonly PlayedStage[], { bottlenecks }: Diagnosis): Pick<StressFindings, 'behind' | 'laws'> {
  const { by, edge } = found;
  if (by !== 'rate') return { behind: null, laws: null };
  const held = heldStages(found, measured);
  if (held === null) return { behind: edge === null ? null : { known: false, reason: 'fewer than two stages held' }, laws: null };
  const { calm, busy } = held;
  // As a test of two stages: of a search only the calm ones would be looked at.
  const { stress: _, ...facts } = run;
  const limits = limitsOf({ ...facts, steps: [asReference(calm.step), busy.step].map((step) => ({ ...step, suite: 'load' as const })) }, conditionsFor(plan, phase, 'load'));
  const broken = bottlenecks.filter(({ status }) => status === 'hit').map(({ id }) => id);
  return {
    behind: edge === null ? null : typeof limits === 'string' ? { known: false, reason: limits } : nextLimit(limits, plan, { atPerSec: busy.step.stage?.load ?? 0, edgePerSec: edge.mid, broken }),
    laws: typeof limits === 'string' ? null : serviceDemands(limits, calm.shown.meanMs),
  };
}

function asReference(step: RunStep): RunStep {
  const shape = step.shape.model === 'open'
    ? { ...step.shape, stages: step.shape.stages.map((stage) => (stage.judged ? { ...stage, name: 'reference' as const, judged: false } : stage)) }
    : { ...step.shape, stages: step.shape.stages.map((stage) => (stage.judged ? { ...stage, name: 'reference' as const, judged: false } : stage)) };
  return { ...step, shape };
}

/** What was hit comes first, at the users that were measured; then what the operational laws see behind it, and the plan's own figures. */
function outlookAt(plan: Plan, users: number, diagnosis: Diagnosis, capacity: Outlook['capacity'], behind: StressFindings['behind']): Outlook {
  const hit = diagnosis.bottlenecks.flatMap(({ status, milestone }) => (status === 'hit' && milestone !== null ? [milestone.id] : []));
  const ahead = outlookFrom(plan, users, hit);
  if (capacity === null) return { ...ahead, capacity: null };
  const shown = (milestone: Plan['milestones'][number], found: Estimate, basis: Outlook['next'][number]['basis']): Outlook['next'][number] => ({
    milestone: milestone.id, bottleneck: milestone.bottleneck, users: found, date: null, beginBy: null,
    prepareByUsers: milestone.prepareByUsers === null ? null : Math.floor(found.low * (milestone.prepareByUsers / milestone.users)),
    costMonthlyUsd: milestone.costMonthlyUsd, basis, ...(basis === 'predicted' ? { planUsers: milestone.users } : {}),
  });
  const first = plan.milestones.filter(({ id }) => hit.includes(id)).map((milestone) => shown(milestone, capacity.users, 'measured'));
  const estimated = behind?.known === true ? behind : null;
  const rest = ahead.next.filter(({ milestone }) => milestone !== estimated?.milestone);
  const second = plan.milestones.filter(({ id }) => id === estimated?.milestone && !hit.includes(id)).map((milestone) => shown(milestone, estimated?.users ?? capacity.users, 'predicted'));
  return { capacity, next: [...first, ...[...second, ...rest].toSorted((a, b) => a.users.mid - b.users.mid)] };
}

/** A stage that the generator spoiled is left out; the run is invalid where nothing else is left, or an engine failed. */
function validityOf(run: Run, { end, stages }: StressFindings): Validity {
  const failed = run.steps.find(({ outcome }) => outcome.status === 'failed');
  const reasons = run.steps.flatMap((step) => step.generatorReasons.map((reason) => `stress at ${Number((step.stage?.load ?? 0).toPrecision(3))}: ${reason}`));
  const isSpoiled = stages.length > 0 && stages.every(({ outcome }) => outcome === 'generator');
  if (failed?.outcome.status === 'failed') return { valid: false, invalidReason: `the stress suite’s ${failed.engine} failed: ${failed.outcome.reason}`, saturated: isSpoiled, reasons };
  if (isSpoiled || end === 'no-time') return { valid: false, invalidReason: reasons[0] ?? 'no stage was run', saturated: isSpoiled, reasons };
  return { valid: true, invalidReason: null, saturated: false, reasons };
}
