import type { StressFacts } from '../model/run.ts';
import type { Estimate } from '../model/report.ts';
import type { GoalEdge, Recovery, StressFindings, StressStage } from '../model/stress.ts';
import { confirmedLoad, edgeOf, edgeOfGoal } from './belief.ts';
import { goalsIn, hasBroken, isGeneratorTheLimit, isNotBack, usableOf, type StageEvidence } from './evidence.ts';
import { fitStages } from './model.ts';
import { summarize } from './summary.ts';

export interface MeasuredStage {
  readonly evidence: StageEvidence;
  readonly shown: StressStage;
  /** Required thresholds that nothing could read in it. */
  readonly unread?: readonly string[];
}

/** Everything the stages of a search come to. */
export function findingsOf(facts: StressFacts, measured: readonly MeasuredStage[], recovery: Recovery | null): StressFindings {
  const evidence = measured.map((one) => one.evidence);
  const stages = measured.map(({ shown }) => shown);
  const end = endOf(evidence);
  const confirmed = confirmedLoad(evidence);
  const findings = {
    by: facts.by, end, confirmedLoad: confirmed, stages, recovery, behind: null,
    edge: end === 'found' || end === 'not-back' ? edgeBetween(facts, evidence, confirmed) : null,
    mostMade: mostMade(evidence),
    goals: goalsIn(evidence).map((goal) => goalEdge(facts, evidence, goal)),
    model: fitStages(stages, facts.by), notes: facts.stoppedBy === null ? facts.notes : [`The search was ended early: ${facts.stoppedBy}.`, ...facts.notes],
  };
  const unread = measured.find(({ evidence: one }) => one.purpose === 'confirm' && one.load === confirmed)?.unread ?? [];
  return { ...findings, summary: summarize(findings, facts, unread) };
}

/** From a found edge in its own unit to requests per second and to users of the plan. */
export function capacityOf({ by, edge, stages, confirmedLoad: confirmed }: StressFindings, requestsPerUserPerSec: number): { ratePerSec: Estimate; users: Estimate; method: string } | null {
  if (edge === null) return null;
  const ratePerSec = by === 'rate' ? edge : rateOfUsers(edge, stages, confirmed);
  if (ratePerSec === null) return null;
  const users = { low: ratePerSec.low / requestsPerUserPerSec, mid: ratePerSec.mid / requestsPerUserPerSec, high: ratePerSec.high / requestsPerUserPerSec };
  const method = confirmed === null
    ? 'searched under load with 90 % bounds; the time did not suffice to confirm its lower end'
    : 'searched under load; the lower end is the load at which every threshold was proven to hold at 95 %';
  return { ratePerSec, users: { low: Math.floor(users.low), mid: Math.round(users.mid), high: Math.ceil(users.high) }, method };
}

/** What so many users of the closed model come to, by what each made in the stage next to the edge that did not break: of what was refused nothing is to be learnt. At the confirmed load it is what was made there. */
function rateOfUsers(edge: Estimate, stages: readonly StressStage[], confirmed: number | null): Estimate | null {
  const whole = stages.filter(({ outcome }) => outcome === 'holds' || outcome === 'open');
  const [near] = whole.toSorted((a, b) => Math.abs(Math.log(a.load / edge.mid)) - Math.abs(Math.log(b.load / edge.mid)));
  if (near === undefined) return null;
  const perUser = near.throughputPerSec / near.load;
  const proven = whole.find(({ purpose, load }) => purpose === 'confirm' && load === confirmed);
  const low = proven?.throughputPerSec ?? edge.low * perUser;
  const mid = Math.max(low, edge.mid * perUser);
  return { low, mid, high: Math.max(mid, edge.high * perUser) };
}

function endOf(evidence: readonly StageEvidence[]): StressFindings['end'] {
  const usable = usableOf(evidence);
  const broken = usable.filter(hasBroken);
  if (isGeneratorTheLimit(evidence) && broken.length === 0) return 'generator-limit';
  if (usable.length === 0) return 'no-time';
  if (broken.length === 0) return 'never-broke';
  if (broken.length === usable.length) return 'broke-at-once';
  return isNotBack(evidence) ? 'not-back' : 'found';
}

function edgeBetween(from: StressFacts, evidence: readonly StageEvidence[], confirmed: number | null): Estimate {
  const { low, mid, high } = edgeOf(from, evidence);
  const least = confirmed ?? low;
  return { low: least, mid: Math.max(least, mid), high: Math.max(least, high) };
}

/** The most that the generator made of any load, whether the target answered or not. */
function mostMade(evidence: readonly StageEvidence[]): number | null {
  const made = evidence.flatMap((one) => one.made ?? []);
  return made.length === 0 ? null : Math.max(...made);
}

/** An end that no stage has seen is not known: a threshold that never broke has no upper one. */
function goalEdge(from: StressFacts, evidence: readonly StageEvidence[], goal: string): GoalEdge {
  const own = usableOf(evidence).flatMap(({ load, goals }) => goals.filter((one) => one.goal === goal).map(({ breakChance }) => ({ load, breakChance })));
  const held = own.filter(({ breakChance }) => breakChance < 0.5).map(({ load }) => load);
  const broken = own.filter(({ breakChance }) => breakChance > 0.5).map(({ load }) => load);
  if (broken.length === 0) return { goal, low: held.length === 0 ? null : Math.max(...held), mid: null, high: null };
  if (held.length === 0) return { goal, low: null, mid: null, high: Math.min(...broken) };
  return { goal, ...boundsOf(edgeOfGoal(from, evidence, goal)) };
}

function boundsOf({ low, mid, high }: Estimate): Estimate {
  return { low, mid, high };
}
