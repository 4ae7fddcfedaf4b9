import type { StressFacts } from '../model/run.ts';
import type { Estimate } from '../model/report.ts';
import type { GoalEdge, Recovery, StressFindings, StressStage } from '../model/stress.ts';
import { confirmedLoad, edgeOf, edgeOfGoal, type SearchSettings, type StageEvidence } from './search.ts';
import { fitStages } from './model.ts';

export interface MeasuredStage {
  readonly evidence: StageEvidence;
  readonly shown: StressStage;
}

/** Everything the stages of a search come to. */
export function findingsOf(facts: StressFacts, measured: readonly MeasuredStage[], recovery: Recovery | null): StressFindings {
  const settings: SearchSettings = { startLoad: facts.startLoad, leastLoad: 0, mostLoad: facts.mostLoad ?? Infinity, budgetSeconds: 0, confirmSeconds: () => 0 };
  const evidence = measured.map((one) => one.evidence);
  const stages = measured.map(({ shown }) => shown);
  const end = endOf(evidence);
  const confirmed = confirmedLoad(evidence);
  const edge = end === 'found' ? edgeBetween(settings, evidence, confirmed) : null;
  const findings = {
    by: facts.by, end, confirmedLoad: confirmed, edge, stages, recovery,
    goals: goalsIn(evidence).map((goal) => goalEdge(settings, evidence, goal)),
    model: fitStages(stages), notes: facts.stoppedBy === null ? facts.notes : [`The search was ended early: ${facts.stoppedBy}.`, ...facts.notes],
  };
  return { ...findings, summary: summarize(findings, evidence) };
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
  const usable = evidence.filter(({ isGeneratorLimit }) => !isGeneratorLimit);
  const broken = usable.filter((one) => one.isHarmful || one.goals.some(({ breakChance }) => breakChance > 0.5));
  if (usable.length === 0) return evidence.length === 0 ? 'no-time' : 'generator-limit';
  if (broken.length === 0) return usable.length < evidence.length ? 'generator-limit' : 'never-broke';
  return broken.length === usable.length ? 'broke-at-once' : 'found';
}

function edgeBetween(settings: SearchSettings, evidence: readonly StageEvidence[], confirmed: number | null): Estimate {
  const { low, mid, high } = edgeOf(settings, evidence);
  const from = confirmed ?? low;
  return { low: from, mid: Math.max(from, mid), high: Math.max(from, high) };
}

function goalsIn(evidence: readonly StageEvidence[]): string[] {
  return [...new Set(evidence.flatMap(({ goals }) => goals.map(({ goal }) => goal)))];
}

/** An end that no stage has seen is not known: a threshold that never broke has no upper one. */
function goalEdge(settings: SearchSettings, evidence: readonly StageEvidence[], goal: string): GoalEdge {
  const own = evidence.filter(({ isGeneratorLimit }) => !isGeneratorLimit).flatMap(({ load, goals }) => goals.filter((one) => one.goal === goal).map(({ breakChance }) => ({ load, breakChance })));
  const held = own.filter(({ breakChance }) => breakChance < 0.5).map(({ load }) => load);
  const broken = own.filter(({ breakChance }) => breakChance > 0.5).map(({ load }) => load);
  if (broken.length === 0) return { goal, low: held.length === 0 ? null : Math.max(...held), mid: null, high: null };
  if (held.length === 0) return { goal, low: null, mid: null, high: Math.min(...broken) };
  return { goal, ...boundsOf(edgeOfGoal(settings, evidence, goal)) };
}

function boundsOf({ low, mid, high }: Estimate): Estimate {
  return { low, mid, high };
}

function summarize({ by, end, confirmedLoad: confirmed, edge, stages }: Omit<StressFindings, 'summary'>, evidence: readonly StageEvidence[]): string {
  const unit = (load: number): string => `${say(load)} ${by === 'rate' ? 'requests/s' : 'users at the same time'}`;
  const most = Math.max(0, ...evidence.filter(({ isGeneratorLimit }) => !isGeneratorLimit).map(({ load }) => load));
  const least = Math.min(...stages.map(({ load }) => load));
  const proven = confirmed === null ? `${unit(most)} was the highest load that showed no break; no stage was long enough to prove every threshold` : `every threshold is proven to hold at ${unit(confirmed)}`;
  switch (end) {
    case 'found': return edge === null ? '' : `It breaks at about ${unit(edge.mid)} (${say(edge.low)}–${say(edge.high)})${confirmed === null ? '; the lower end was not confirmed' : `; every threshold is proven to hold at ${say(confirmed)}`}.`;
    case 'broke-at-once': return `It breaks already at ${unit(least)}, the lowest load that was tried.`;
    case 'never-broke': return `It did not break: ${proven}.`;
    case 'generator-limit': return most === 0 ? 'The generator could not make any of the loads: nothing was learnt about the target.' : `The generator, not the target, was the limit: ${proven}; more takes another engine or machine.`;
    case 'no-time': return 'No stage was run.';
  }
}

function say(load: number): string {
  return Number(load.toPrecision(3)).toLocaleString('en-US');
}
