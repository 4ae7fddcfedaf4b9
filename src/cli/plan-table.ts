import { BOTTLENECK_TITLES } from '../model/bottleneck.ts';
import type { Milestone, Plan, Suite } from '../model/plan.ts';
import { padEnd, padStart, widthOf, wrap } from '../reporters/layout.ts';
import type { Screen } from './host.ts';
import { conditionLines, decisionLines, factLines, item, noteLines, range } from './plan-lines.ts';

/** A plan for people: all that its file holds, each fact with its line in the document. */
export function planTable(plan: Plan, { chalk, columns: width }: Screen): string {
  const columns = Math.max(40, Math.min(width(), 140));
  const of = <T>(list: readonly T[], lines: (one: T, columns: number) => string[]): string[] => list.flatMap((one) => lines(one, columns));
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Phases', columnsOf(plan.phases.map(({ id, users, load, name, costs }) => [id, `${range(users)} users`, `${short(load.requestsPerSecond)} requests/s`, costs === null ? '' : `$${range(costs.monthlyUsd)}`, name]), columns)],
    ['Milestones', of(plan.milestones, milestoneLines)],
    ['Service levels, judged in every phase', of(plan.slo, conditionLines)],
    ['Suites', of(plan.suites, suiteLines)],
    ['Triggers', plan.triggers.flatMap((trigger) => conditionLines(trigger, columns, `: ${trigger.action}${trigger.timeline === null ? '' : ` (${trigger.timeline})`}`))],
    ['Alerts', plan.alerts.flatMap((alert) => conditionLines(alert, columns, `: ${alert.severity}`))],
    ['Costs a month', of(plan.costs, costLines)],
    ['Capacity', factLines(plan.capacity, columns)],
    ['Decisions', of(plan.decisions, noteLines)],
    ...plan.decisionTrees.map(({ title, root }) => [title, decisionLines(root, columns)] as const),
    ['Roadmap', of(plan.roadmap, noteLines)],
    ['Experiments', plan.experiments.flatMap(({ title, detail, source, figures }) => [...item(`${title}${detail === null ? '' : `: ${detail}`}`, source, columns), ...factLines(figures, columns, '    ')])],
    ['For people to judge', of(plan.checklist, noteLines)],
    ['Assumptions', plan.assumptions.flatMap(({ id, text, reason, source }) => item(`${id}: ${text} ${reason}`, source, columns))],
    ['Notes', of(plan.notes, noteLines)],
  ];
  const blocks = sections.filter(([, lines]) => lines.length > 0).map(([title, lines]) => [chalk.bold(title), ...lines].join('\n'));
  const head = [...wrap(`${plan.id} · ${plan.title}`, columns, '').map((line) => chalk.bold(line)), ...(plan.source.document === '' ? [] : [chalk.dim(`from ${plan.source.document}`)])];
  return `${[head.join('\n'), ...blocks].join('\n\n')}\n`;
}

function milestoneLines({ users, title, bottleneck, prepareByUsers, leadTimeWeeks, costMonthlyUsd, remedy, impact, source, symptoms }: Milestone, columns: number): string[] {
  const name = bottleneck === null ? title : `${BOTTLENECK_TITLES[bottleneck]}: ${title}`;
  const facts = [
    prepareByUsers === null ? '' : `ready by ${prepareByUsers.toLocaleString('en-US')} users`,
    leadTimeWeeks === null ? '' : `${range(leadTimeWeeks)} ${leadTimeWeeks.min === 1 && leadTimeWeeks.max === 1 ? 'week' : 'weeks'}`, costMonthlyUsd === null ? '' : `$${range(costMonthlyUsd)} a month`,
  ].filter((fact) => fact !== '');
  return [
    ...item(`${users.toLocaleString('en-US')} users · ${name}`, source, columns),
    ...wrap(impact, columns, '    impact    '),
    ...wrap(`${remedy}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`, columns, '    remedy    '),
    ...symptoms.flatMap((symptom, at) => conditionLines(symptom, columns - 12).map((line, row) => `    ${at === 0 && row === 0 ? 'symptoms  ' : '          '}${line.slice(2)}`)),
  ];
}

function suiteLines(suite: Suite, columns: number): string[] {
  const { id, frequency, purpose, profile, thresholds, scenarios, source } = suite;
  const rungs = profile.concurrentUsers === undefined ? '' : `; ${profile.concurrentUsers.map((users) => users.toLocaleString('en-US')).join(', ')} users at the same time`;
  const times = profile.sustainSeconds === undefined ? '' : `, ${short(profile.sustainSeconds / 60)} min each${profile.rampSeconds === undefined ? '' : ` after a ramp of ${short(profile.rampSeconds / 60)} min`}`;
  return [
    ...item(`${id}: ${purpose}; ${frequency}${rungs}${times}`, source, columns),
    ...thresholds.flatMap((threshold) => conditionLines(threshold, columns - 2).map((line) => `  ${line}`)),
    ...(scenarios.length === 0 ? [] : wrap(scenarios.join(' · '), columns, '    ')),
  ];
}

function costLines({ users, monthlyUsd, perUserUsd, note, source }: Plan['costs'][number], columns: number): string[] {
  const count = typeof users === 'number' ? users.toLocaleString('en-US') : range(users);
  return item(`${count} users: $${range(monthlyUsd)}${perUserUsd === null ? '' : `, $${perUserUsd} a user`}${note === null ? '' : `; ${note}`}`, source, columns);
}

/** The last column is text and goes on below itself; figures stand right, under one another. */
function columnsOf(rows: readonly (readonly string[])[], columns: number): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ''))));
  return rows.flatMap((row) => {
    const figures = row.slice(0, -1).map((cell, at) => (at === 0 ? padEnd(cell, widths[at] ?? 0) : padStart(cell, widths[at] ?? 0)));
    return wrap(row.at(-1) ?? '', columns, `  ${figures.join('  ')}  `);
  });
}

function short(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}
