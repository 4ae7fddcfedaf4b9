import type { Condition, Source } from '../../src/model/condition.ts';
import type { Architecture, Decision, Note, Phase, Plan, Range } from '../../src/model/plan.ts';
import { conditionsFor } from '../../src/plan/resolve.ts';

/** docs/plans.md: every bundled plan, section by section, as its file has it. Figures in canonical words, lines of the document behind them. */
export function plansPage(plans: readonly Plan[]): string {
  return [
    '# The plans that ship with scaleplan', '',
    'Made from the files in `thresholds/`; `scaleplan plan show <id>` prints the same on a terminal. A number in brackets is a line of the plan’s document.', '',
    ...plans.map(({ id, title }) => `- [${id}](#${id}): ${cell(title)}`), '',
    ...plans.flatMap(planSection),
  ].join('\n');
}

function planSection(plan: Plan): string[] {
  return [
    `## ${plan.id}`, '', `${cell(plan.title)}. From \`${plan.source.document}\`.`, '',
    ...section('Phases', table(['Phase', 'Users', 'Requests/s', 'How derived', 'At the same time', 'Cost a month', 'Timeline'], plan.phases.map((phase) => [
      `**${phase.id}** ${phase.name}`, range(phase.users), short(phase.load.requestsPerSecond), phase.load.derivation, phase.load.concurrentUsers === null ? '' : grouped(phase.load.concurrentUsers),
      phase.costs === null ? '' : `$${range(phase.costs.monthlyUsd)}`, phase.timeline ?? '',
    ]))),
    ...plan.phases.flatMap((phase) => phaseSection(plan, phase)),
    ...section('Milestones', table(['Users', 'What', 'Signs', 'Remedy', 'Ready by', 'Takes', 'Cost a month'], plan.milestones.map((one) => [
      grouped(one.users), `${one.title}${line(one.source)}${one.bottleneck === null ? '' : ` \`${one.bottleneck}\``}`, one.symptoms.map(condition).join('<br>'), one.remedy,
      one.prepareByUsers === null ? '' : `${grouped(one.prepareByUsers)} users`, one.leadTimeWeeks === null ? '' : `${range(one.leadTimeWeeks)} weeks`, one.costMonthlyUsd === null ? '' : `$${range(one.costMonthlyUsd)}`,
    ]))),
    ...section('Service levels, judged in every phase', list(plan.slo.map(condition))),
    ...section('Suites', table(['Suite', 'Purpose', 'How often', 'Thresholds'], plan.suites.map(({ id, purpose, frequency, thresholds, source }) => [id, `${purpose}${line(source)}`, frequency, thresholds.map(condition).join('<br>')]))),
    ...section('Triggers', list(plan.triggers.map((trigger) => `${condition(trigger)}: ${trigger.action}${trigger.timeline === null ? '' : `, ${trigger.timeline}`}`))),
    ...section('Alerts', list(plan.alerts.map((alert) => `${condition(alert)}: ${alert.severity}`))),
    ...section('Costs', table(['Users', 'A month', 'A user', 'Note'], plan.costs.map(({ users, monthlyUsd, perUserUsd, note, source }) => [`${typeof users === 'number' ? grouped(users) : range(users)}${line(source)}`, `$${range(monthlyUsd)}`, perUserUsd === null ? '' : `$${perUserUsd}`, note ?? '']))),
    ...section('Capacity', facts(plan.capacity)),
    ...section('Decisions', [...notes(plan.decisions), ...plan.decisionTrees.flatMap(({ title, root, source }) => [`- ${title}${line(source)}`, ...tree(root, '  ')])]),
    ...section('Roadmap', notes(plan.roadmap)),
    ...section('Experiments', plan.experiments.flatMap(({ title, detail, source, figures }) => [`- ${cell(title)}${detail === null ? '' : `: ${cell(detail)}`}${line(source)}`, ...facts(figures, '  ')])),
    ...section('For people to judge', notes(plan.checklist)),
    ...section('Assumptions', plan.assumptions.map(({ id, text, reason, source }) => `- **${id}**: ${cell(text)}${line(source)} *${cell(reason)}*`)),
    ...section('Notes', notes(plan.notes)),
    ...section('Left out', plan.omitted.map((one) => `- line ${one.line}: ${cell(one.reason)}`)),
  ];
}

function phaseSection(plan: Plan, phase: Phase): string[] {
  const body = [
    ...(phase.architecture === null ? [] : [`- Built of: ${architecture(phase.architecture)}`]),
    ...conditionsFor(plan, phase, 'load').filter((one) => !plan.slo.includes(one)).map((one) => `- Must hold: ${condition(one)}`),
    ...phase.triggers.map((one) => `- Scale when: ${condition(one)}`),
    ...phase.actions.map(({ title, detail, effort, source }) => `- To do: ${cell(title)}${effort === null ? '' : ` (${effort})`}${detail === null ? '' : `: ${cell(detail)}`}${line(source)}`),
    ...phase.expects.map(({ text, users, source }) => `- Expected: ${cell(text)}${users === null ? '' : `: ${range(users)} users`}${line(source)}`),
  ];
  return body.length === 0 ? [] : [`#### ${plan.id}, phase ${phase.id}: ${cell(phase.name)}`, '', ...body, ''];
}

function architecture({ layers, instances, workers, replicas, regions, poolPerInstance, maxConnections, source }: Architecture): string {
  const parts = [
    layers.length === 0 ? '' : `data in ${layers.join(', then ')}`, instances === null ? '' : `${range(instances)} instances`,
    ...Object.entries(workers).map(([name, count]) => `${range(count)} workers${name === 'all' ? '' : ` for ${name}`}`),
    replicas === null ? '' : `${range(replicas)} read replicas`, regions === null ? '' : `${range(regions)} regions`,
    poolPerInstance === null ? '' : `${range(poolPerInstance)} connections for each instance`, maxConnections === null ? '' : `${range(maxConnections)} connections in all`,
  ];
  return `${parts.filter((part) => part !== '').join('; ')}${line(source)}`;
}

function condition(one: Condition): string {
  const optional = one.required ? '' : `, not required: ${cell(one.reason ?? '')}`;
  const rests = one.assumes.length === 0 ? '' : `, assumes ${one.assumes.join(', ')}`;
  return `\`${one.text.replaceAll('|', String.raw`\|`)}\`${one.level === 'warn' ? ', warns only' : ''}${optional}${rests}${line(one.source)}`;
}

function tree(decision: Decision, indent: string): string[] {
  if ('outcome' in decision) return [`${indent}- ${cell(decision.outcome)}${line(decision.source)}`];
  const branch = (answer: string, next: Decision): string[] => ('outcome' in next ? [`${indent}  - ${answer}: ${cell(next.outcome)}${line(next.source)}`] : [`${indent}  - ${answer}:`, ...tree(next, `${indent}    `)]);
  return [`${indent}- ${condition(decision.ask)}?`, ...branch('yes', decision.yes), ...branch('no', decision.no)];
}

function notes(entries: readonly Note[]): string[] {
  return entries.flatMap(({ text, source, figures }) => [`- ${cell(text)}${line(source)}`, ...(figures === undefined ? [] : facts(figures, '  '))]);
}

function facts(entries: Readonly<Record<string, unknown>>, indent = ''): string[] {
  return Object.entries(entries).flatMap(([name, fact]) => {
    if (typeof fact !== 'object' || fact === null) return [];
    if ('text' in fact && 'source' in fact) return [`${indent}- ${name}: ${cell(String(fact.text))}${line(fact.source as Source | null)}`];
    return [`${indent}- ${name}`, ...facts({ ...fact }, `${indent}  `)];
  });
}

function section(title: string, body: readonly string[]): string[] {
  return body.length === 0 ? [] : [`### ${title}`, '', ...body, ''];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...rows.map((row) => `| ${row.join(' | ')} |`)];
}

function list(texts: readonly string[]): string[] {
  return texts.map((text) => `- ${text}`);
}

/** What would be markup in a line or a table stays a letter. */
function cell(text: string): string {
  return text.replaceAll(/[|<*_]/g, String.raw`\$&`);
}

function line(source: Source | null): string {
  return source === null ? '' : ` [${source.line}]`;
}

function range({ min, max }: Range): string {
  if (max === null) return `${grouped(min)}+`;
  return min === max ? grouped(min) : `${grouped(min)}–${grouped(max)}`;
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function short(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}
