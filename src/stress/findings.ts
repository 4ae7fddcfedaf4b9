import type { StressFacts } from '../model/run.ts';
import type { Estimate } from '../model/report.ts';
import type { GoalEdge, Recovery, StressFindings, StressStage } from '../model/stress.ts';
import { confirmedLoad, edgeOf, edgeOfGoal } from './belief.ts';
import { goalsIn, hasBroken, isWhileDown, usableOf, type StageEvidence } from './evidence.ts';
import { fitStages } from './model.ts';
import { summarize } from './summary.ts';

export interface MeasuredStage {
  readonly evidence: StageEvidence;
  readonly shown: StressStage;
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
  return { ...findings, summary: summarize(findings, facts) };
}

/** From a found edge in its own unit to requests per second and to users of the plan. */
export function capacityOf({ by, edge, stages, confirmedLoad: confirmed }: StressFindings, requestsPerUserPerSec: number): { ratePerSec: Estimate; users: Estimate; method: string } | null {
  if (edge === null) return null;
  const factor = by === 'rate' ? 1 : ratePerUser(stages, edge.mid);
  const scaled = (by_: number): Estimate => ({ low: edge.low * by_, mid: edge.mid * by_, high: edge.high * by_ });
  const ratePerSec = scaled(factor);
  const users = scaled(factor / requestsPerUserPerSec);
  const method = confirmed === null
    ? 'searched under load with 90 % bounds; the time did not suffice to confirm its lower end'
    : 'searched under load; the lower end is the load at which every threshold was proven to hold at 95 %';
  return { ratePerSec, users: { low: Math.floor(users.low), mid: Math.round(users.mid), high: Math.ceil(users.high) }, method };
}

/** Requests per second that one user of the closed model made, at the stage next to the edge. */
function ratePerUser(stages: readonly StressStage[], edge: number): number {
  const near = stages.filter(({ outcome }) => outcome !== 'generator').toSorted((a, b) => Math.abs(Math.log(a.load / edge)) - Math.abs(Math.log(b.load / edge)))[0];
  return near === undefined ? 0 : near.throughputPerSec / near.load;
}

function endOf(evidence: readonly StageEvidence[]): StressFindings['end'] {
  const usable = usableOf(evidence);
  const broken = usable.filter(hasBroken);
  const isSpoiled = evidence.some(({ isGeneratorLimit }) => isGeneratorLimit);
  if (usable.length === 0) return isSpoiled ? 'generator-limit' : 'no-time';
  if (broken.length === 0) return isSpoiled ? 'generator-limit' : 'never-broke';
  if (broken.length === usable.length) return 'broke-at-once';
  const last = evidence.length - 1;
  return isWhileDown(evidence, last) && isWhileDown(evidence, last - 1) ? 'not-back' : 'found';
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
