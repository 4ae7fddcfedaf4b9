import type { Condition } from '../model/condition.ts';
import type { Milestone, Phase, Plan, Range } from '../model/plan.ts';
import { BOTTLENECK_TITLES } from '../model/bottleneck.ts';
import { conditionsFor } from '../plan/resolve.ts';
import type { Screen } from './host.ts';

/** A plan for people: phases, milestones, what must hold, what people judge. */
export function planTable(plan: Plan, { chalk }: Screen): string {
  return lines([
    chalk.bold(`${plan.id} · ${plan.title}`), chalk.dim(`from ${plan.source.document}`), '',
    chalk.bold('Phases'),
    ...plan.phases.map((phase) => `  ${phase.id.padEnd(4)} ${range(phase.users).padEnd(14)} users  ${phase.load.requestsPerSecond.toFixed(1).padStart(7)} requests/s  ${phase.name}`), '',
    chalk.bold('Milestones'),
    ...plan.milestones.map(milestoneLine), '',
    chalk.bold('Service levels, judged in every phase'),
    ...plan.slo.map(conditionLine), '',
    chalk.bold('Suites'),
    ...plan.suites.map((suite) => `  ${suite.id.padEnd(12)} ${suite.frequency}: ${suite.thresholds.length > 0 ? suite.thresholds.map(({ text }) => text).join(' · ') : suite.purpose}`), '',
    chalk.bold('For people to judge'),
    ...plan.checklist.map(({ text, source }) => `  ${text}${source ? ` (line ${source.line})` : ''}`), '',
    chalk.bold('Assumptions'),
    ...plan.assumptions.map(({ id, text, reason }) => `  ${id}: ${text} (${reason})`),
  ]);
}

/** One phase: its load and how it was derived, what must hold, what to do, what to expect. */
export function phaseTable(plan: Plan, phase: Phase, { chalk }: Screen): string {
  return lines([
    chalk.bold(`${plan.id} · phase ${phase.id} · ${phase.name} · ${range(phase.users)} users`), '',
    `Load: ${phase.load.requestsPerSecond.toFixed(1)} requests/s (${phase.load.derivation})`, '',
    ...phase.steps.map(({ suite, engine, model, scenario }) => `  ${suite.padEnd(12)} ${engine}, ${model} model: ${scenario}`), '',
    chalk.bold('Thresholds'),
    ...conditionsFor(plan, phase, 'load').map(conditionLine), '',
    chalk.bold('Actions'),
    ...phase.actions.map(({ title, detail, effort }) => `  ${title}${effort ? ` (${effort})` : ''}${detail ? `: ${detail}` : ''}`), '',
    chalk.bold('Expected'),
    ...phase.expects.map(({ text }) => `  ${text}`),
  ]);
}

function milestoneLine({ users, title, bottleneck, prepareByUsers, leadTimeWeeks, costMonthlyUsd, remedy }: Milestone): string {
  const name = bottleneck ? BOTTLENECK_TITLES[bottleneck] : title;
  const due = prepareByUsers === null ? '' : `, by ${prepareByUsers.toLocaleString('en-US')} users`;
  const effort = leadTimeWeeks ? `, ${range(leadTimeWeeks)} weeks` : '';
  const cost = costMonthlyUsd ? `, $${range(costMonthlyUsd)} a month` : '';
  return `  ${users.toLocaleString('en-US').padStart(7)} users  ${name}: ${remedy}${due}${effort}${cost}`;
}

function conditionLine(condition: Condition): string {
  const address = condition.source ? ` (§${condition.source.section}, line ${condition.source.line})` : ' (derived)';
  return `  ${condition.text}${address}${condition.required ? '' : ` not required: ${condition.reason ?? ''}`}`;
}

function range({ min, max }: Range): string {
  const [low, high] = [min.toLocaleString('en-US'), max?.toLocaleString('en-US')];
  if (high === undefined) return `${low}+`;
  return low === high ? low : `${low}–${high}`;
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
