import { dirname, relative } from 'node:path';
import type { Architecture, Phase, Plan } from '../model/plan.ts';
import { conditionsFor } from '../plan/resolve.ts';
import { wrap } from '../reporters/layout.ts';
import type { Screen } from './host.ts';
import { conditionLines, item, range } from './plan-lines.ts';

/** One phase: its load and how it was derived, what runs, what it is built of, what must hold, what to do, what to expect. */
export function phaseTable(plan: Plan, phase: Phase, { chalk, columns: width }: Screen): string {
  const columns = Math.max(40, Math.min(width(), 140));
  const { load } = phase;
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Load', [
      ...wrap(load.derivation, columns, '  '),
      ...(load.concurrentUsers === null ? [] : [`  ${load.concurrentUsers.toLocaleString('en-US')} users at the same time`]),
      ...(load.operationsPerDay === null ? [] : [`  ${range(load.operationsPerDay)} operations a day`]),
      ...(load.assumes.length === 0 ? [] : wrap(`assumes ${load.assumes.join(', ')}`, columns, '  ')),
    ]],
    ['Steps', phase.steps.map(({ suite, engine, model, scenario }) => `  ${suite.padEnd(12)} ${engine}, ${model} model: ${relative(dirname(plan.file), scenario).replace(/^(?:\.\.\/)+/, '')}`)],
    ['Architecture', phase.architecture === null ? [] : architectureLines(phase.architecture, columns)],
    ['Thresholds', conditionsFor(plan, phase, 'load').flatMap((condition) => conditionLines(condition, columns))],
    ['Triggers', phase.triggers.flatMap((condition) => conditionLines(condition, columns))],
    ['Actions', phase.actions.flatMap(({ title, detail, effort, source }) => item(`${title}${effort === null ? '' : ` (${effort})`}${detail === null ? '' : `: ${detail}`}`, source, columns))],
    ['Expected', phase.expects.flatMap(({ text, users, source }) => item(`${text}${users === null ? '' : `: ${range(users)} users`}`, source, columns))],
    ['Cost', phase.costs === null ? [] : [`  $${range(phase.costs.monthlyUsd)} a month`]],
  ];
  const head = [
    ...wrap(`${plan.id} · phase ${phase.id} · ${phase.name} · ${range(phase.users)} users`, columns, '').map((line) => chalk.bold(line)),
    ...(phase.timeline === null ? [] : [chalk.dim(phase.timeline)]),
  ];
  const blocks = sections.filter(([, lines]) => lines.length > 0).map(([title, lines]) => [chalk.bold(title), ...lines].join('\n'));
  return `${[head.join('\n'), ...blocks].join('\n\n')}\n`;
}

function architectureLines({ layers, instances, workers, replicas, regions, poolPerInstance, maxConnections, source }: Architecture, columns: number): string[] {
  const parts = [
    layers.length === 0 ? '' : `data in ${layers.join(', then ')}`,
    instances === null ? '' : `${range(instances)} ${instances.min === 1 && instances.max === 1 ? 'instance' : 'instances'}`,
    ...Object.entries(workers).map(([name, count]) => `${range(count)} workers${name === 'all' ? '' : ` for ${name}`}`),
    replicas === null ? '' : `${range(replicas)} read replicas`,
    regions === null ? '' : `${range(regions)} regions`,
    poolPerInstance === null ? '' : `${range(poolPerInstance)} connections for each instance`,
    maxConnections === null ? '' : `${range(maxConnections)} connections in all`,
  ].filter((part) => part !== '');
  return item(parts.join('; '), source, columns);
}
