import type { ChalkInstance } from 'chalk';
import type { Report } from '../model/report.ts';
import { BOTTLENECK_TITLES } from '../model/bottleneck.ts';
import type { Estimate } from '../model/estimate.ts';
import type { GoalEdge, NextLimit, Recovery, StressFindings, StressModel, StressStage } from '../model/stress.ts';
import { widthOf, wrap } from './layout.ts';
import { sayNumber } from './words.ts';

/** The search as a person reads it: the edge, each threshold’s own, the stages, the way back. */
export function stressLines(report: Report, { chalk, columns }: { readonly chalk: ChalkInstance; readonly columns: number }): string[] {
  const { stress } = report;
  if (stress === undefined) return [];
  return [
    chalk.bold('Breaking point'),
    ...wrap(stress.summary, columns, '  '),
    ...capacityLine(report, columns),
    ...(stress.behind === null ? [] : wrap(`${sayBehind(stress.behind)}.`, columns, '  ')),
    ...stress.goals.flatMap((goal) => wrap(sayGoal(goal, stress), columns, '  ')),
    '',
    chalk.bold('Stages'),
    ...stress.stages.flatMap((stage) => stageLine(stage, stress, columns)),
    ...modelLine(stress, columns),
    ...sayLaws(stress).flatMap((line, at) => wrap(line, columns, at === 0 ? 'Laws:  ' : '       ')),
    ...(stress.recovery === null ? [] : ['', ...wrap(sayRecovery(stress.recovery, stress), columns, 'Recovery: ')]),
    ...sayWrites(report).flatMap((note) => wrap(note, columns, 'Writes: ')),
    ...stress.notes.flatMap((note) => wrap(note, columns, '  ')),
    '',
  ];
}

/** What became of the writes made under overload; nothing where none were. */
export function sayWrites({ run }: Report): string[] {
  return (run.trials ?? []).filter(({ metric }) => metric === 'service.data_consistency').map(({ note }) => note);
}

/** `69/s`, `12 users`. */
export function sayLoad(load: number, by: StressFindings['by']): string {
  return by === 'rate' ? `${sayNumber(load)}/s` : `${sayNumber(Math.round(load))} users`;
}

/** Users of the plan that the edge stands for; null without one. */
export function sayCapacity(report: Report): string | null {
  const { outlook } = report;
  if (outlook.capacity === null) return null;
  const { low, mid, high } = outlook.capacity.users;
  return `about ${sayNumber(mid)} users of the plan (${sayNumber(low)}–${sayNumber(high)}) before it degrades${sayMilestone(report)}; ${outlook.capacity.method}`;
}

/** Which milestone of the plan was met at the edge, and where the plan expects it. */
function sayMilestone({ diagnosis, plan }: Report): string {
  const [hit] = diagnosis.bottlenecks.filter(({ status }) => status === 'hit');
  if (hit === undefined) return '';
  const title = BOTTLENECK_TITLES[hit.id];
  if (hit.milestone === null) return `, by ${title}, for which ${plan.id} has no milestone`;
  return `: the milestone ${title}, which the plan expects at ${sayNumber(hit.milestone.users)}`;
}

/** What comes behind the edge, once its cause is gone. */
export function sayBehind(behind: NextLimit): string {
  if (!behind.known) return `What comes behind it is not known: ${behind.reason}`;
  const { bottleneck, resource, utilization, atPerSec, ratePerSec, users, milestone } = behind;
  const which = milestone === null ? '' : `, the milestone ${BOTTLENECK_TITLES[bottleneck]}`;
  return `Behind it, by the operational laws: ${resource} at about ${sayNumber(ratePerSec.mid)}/s (${sayNumber(ratePerSec.low)}–${sayNumber(ratePerSec.high)}), which is ${sayNumber(users.mid)} users${which}; it was ${Math.round(100 * utilization)} % busy at ${sayNumber(atPerSec)}/s`;
}

function capacityLine(report: Report, columns: number): string[] {
  const said = sayCapacity(report);
  return said === null ? [] : wrap(`That is ${said}.`, columns, '  ');
}

/** Loads are written with four digits. */
const ROUNDING = 1.001;

export function sayGoal({ goal, low, mid, high }: GoalEdge, { by, stages }: StressFindings): string {
  if (mid !== null) return `${goal}: breaks at about ${sayLoad(mid, by)} (${sayNumber(low ?? mid)}–${sayNumber(high ?? mid)})`;
  if (high !== null) return `${goal}: broken at ${sayLoad(high, by)} already`;
  if (low === null) return `${goal}: not measured`;
  const isMost = stages.every(({ load }) => load <= low * ROUNDING);
  return `${goal}: held up to ${sayLoad(low, by)}, ${isMost ? 'the most that was tried' : 'the most at which it could be told'}`;
}

const OUTCOMES: Readonly<Record<StressStage['outcome'], string>> = { holds: 'holds', breaks: 'breaks', open: 'open', generator: 'generator' };

function stageLine(stage: StressStage, { by }: StressFindings, columns: number): string[] {
  const figures = [
    sayLoad(stage.load, by).padStart(10), stage.purpose.padEnd(8), `${stage.judgedSeconds} s`.padStart(5), OUTCOMES[stage.outcome].padEnd(9),
    `${sayNumber(stage.throughputPerSec)}/s`.padStart(8), `p95 ${stage.p95Ms === null ? '–' : `${sayNumber(stage.p95Ms)} ms`}`,
  ].join(' ');
  return widthOf(figures) <= columns ? [figures.trimEnd()] : wrap(figures.replaceAll(/ +/g, ' ').trim(), columns, '  ');
}

function modelLine({ model }: StressFindings, columns: number): string[] {
  return model === null ? [] : ['', ...wrap(`scalability law ${sayLaw(model)}; ${sayMost(model)}`, columns, 'Model: ')];
}

/** `α = 0.0277 ± 0.0091, … (R² 0.990)`, with standard errors. */
export function sayLaw({ alpha, beta, gamma, standardErrors, r2, heldAtZero = [] }: StressModel): string {
  const coefficient = (name: string, key: 'alpha' | 'beta' | 'gamma', value: number): string => {
    const held = heldAtZero.find((one) => one.coefficient === key);
    return held === undefined ? `${name} = ${short(value)} ± ${error(standardErrors[key])}` : `${name} held at 0 (it came out at ${short(held.value)} ± ${error(held.standardError)})`;
  };
  return `${coefficient('α', 'alpha', alpha)}, ${coefficient('β', 'beta', beta)}, ${coefficient('γ', 'gamma', gamma)} (standard errors; R² ${r2.toFixed(3)})`;
}

/** What a request costs each resource, and the bounds that follow. */
export function sayLaws({ laws }: StressFindings): string[] {
  if (laws === null || laws === undefined) return [];
  const around = ({ low, mid, high }: Estimate): string => `${sayNumber(mid)} (${sayNumber(low)}–${sayNumber(high)})`;
  const costs = laws.demands.map(({ resource, demandMs, servers, mostPerSec, utilization }) => `a request costs ${resource} ${around(demandMs)} ms of ${servers} ${servers === 1 ? 'server' : 'servers'}, at most ${around(mostPerSec)}/s; ${Math.round(100 * utilization)} % busy at the highest load that held`);
  return [...costs, ...(laws.knee === null ? [] : [`requests must wait from N* = ${around(laws.knee)} in flight on`])];
}

/** The most throughput there is by the law, with its 90 % bounds; without a peak also why there is none. */
export function sayMost({ most, reason }: StressModel): string {
  const end = (value: number | null): string => (value === null ? 'without end' : sayNumber(value));
  const level = most === null || most === undefined ? null : `by it throughput comes to at most ${sayNumber(most.mid)}/s (${end(most.low)}–${end(most.high)})`;
  if (reason === null) return level ?? '';
  return level === null ? `no peak: ${reason}` : `${level}, ${most?.by === 'asymptote' ? 'the level that contention alone sets (γ ÷ α)' : 'the level that was measured'}; no peak: ${reason}`;
}

export function sayRecovery({ seconds, watchedSeconds, overloadLoad, normalLoad, stuck }: Recovery, { by }: StressFindings): string {
  const from = `from ${sayLoad(overloadLoad, by)} back to ${sayLoad(normalLoad, by)}`;
  const came = seconds === null ? `${from}: not every threshold held again within ${watchedSeconds} s` : seconds === 0 ? `${from}: every threshold held again at once` : `${from}: every threshold held again after ${seconds} s`;
  return stuck.length === 0 ? came : `${came}; ${stuck.join('; ')}`;
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

function error(value: number): string {
  return Number.isFinite(value) ? Number(value.toPrecision(2)).toString() : '?';
}
