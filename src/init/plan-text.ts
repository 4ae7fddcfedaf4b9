import { comparisonsOf, type Condition } from '../model/condition.ts';
import { formatCondition } from '../model/format.ts';
import { metricOf } from '../model/metrics.ts';
import type { Plan } from '../model/plan.ts';

export interface OwnPlan {
  readonly id: string;
  /** The bundled plan it says its differences from. */
  readonly base: Plan;
  readonly scenario: string;
  /** Journeys of the scenario. */
  readonly journeys: readonly string[];
  /** Kinds of probes that the configuration names. */
  readonly probes: readonly string[];
}

/** A plan of one's own in 30 lines or less: what is judged by journeys the user does not have is said of all requests instead. */
export function planText({ id, base, scenario, journeys, probes }: OwnPlan): string {
  const adapt = (conditions: readonly Condition[]): string[] | null => adapted(conditions, probes);
  const slo = adapt(base.slo) ?? [];
  const suites = base.suites.flatMap((suite) => {
    const own = adapt(suite.thresholds);
    return own === null ? [] : [`  - { id: ${suite.id}, thresholds: [${own.join(', ')}] }`];
  });
  const phases = base.phases.flatMap((phase) => {
    const own = adapt(phase.thresholds);
    return own === null ? [] : [`  - { id: "${phase.id}", thresholds: [${own.join(', ')}] }`];
  });
  return [
    `# What this system must carry: the plan ${base.id}, and what is different here. scaleplan plan show scaleplan/plan.yaml shows all of it.`,
    `extends: ${base.id}`,
    `id: ${id}`,
    `title: ${JSON.stringify(`${id}: ${base.title}`)}`,
    '',
    `# Journeys: ${listed(journeys)}.`,
    'steps:',
    `  - { suite: unit, scenario: ${scenario}, engine: autocannon, users: 4 }`,
    ...['integration', 'load'].map((suite) => `  - { suite: ${suite}, scenario: ${scenario}, engine: artillery }`),
    '',
    '# What must hold in every phase; {journey=…} narrows a condition.',
    'slo:',
    ...(slo.length > 0 ? slo : base.slo.length > 0 ? base.slo.map(textOf) : ['http.error_rate < 1 %']).map((text) => `  - ${text}`),
    ...(suites.length > 0 ? ['suites:', ...suites] : []),
    ...(phases.length > 0 ? ['phases:', ...phases] : []),
    '',
  ].join('\n');
}

/** A comment is one line. */
const SHOWN_JOURNEYS = 8;

function listed(journeys: readonly string[]): string {
  return journeys.length <= SHOWN_JOURNEYS ? journeys.join(', ') : `${journeys.slice(0, SHOWN_JOURNEYS).join(', ')} and ${journeys.length - SHOWN_JOURNEYS} more`;
}

/** The same limits for a system with other journeys and fewer probes; null where nothing has to change. */
function adapted(conditions: readonly Condition[], probes: readonly string[]): string[] | null {
  const texts = [...new Set(conditions.flatMap((condition) => adaptOne(condition, conditions, probes)))];
  return texts.length === conditions.length && texts.every((text, index) => text === textOf(conditions[index])) ? null : texts;
}

function adaptOne(condition: Condition, all: readonly Condition[], probes: readonly string[]): string[] {
  const comparisons = comparisonsOf(condition);
  if (comparisons.some(({ scope }) => Object.keys(scope).length > 0)) {
    // One journey may take longer than another; of all requests the first limit that is named is asked.
    const first = all.find((other) => comparisonsOf(other).some(({ metric, scope }) => Object.keys(scope).length > 0 && metric === comparisons[0]?.metric));
    return first === condition ? [quoted(formatCondition(comparisons.map((one) => ({ ...one, scope: {} }))))] : [];
  }
  const isRead = comparisons.every(({ metric }) => {
    const from = metricOf(metric)?.from ?? [];
    return from.length === 0 || from.includes('client') || from.some((kind) => probes.includes(kind));
  });
  if (isRead || !condition.required) return [textOf(condition)];
  return [`{ condition: ${quoted(formatCondition(comparisons))}, required: false, reason: no probe reads it yet }`];
}

function textOf(condition: Condition | undefined): string {
  if (condition === undefined) return '';
  const text = quoted(formatCondition(comparisonsOf(condition)));
  return condition.required ? text : `{ condition: ${text}, required: false, reason: ${JSON.stringify(condition.reason ?? 'not measured in a run')} }`;
}

/** In a list in brackets a comma would part it. */
function quoted(text: string): string {
  return /[,[\]{}#"']|: /.test(text) ? JSON.stringify(text) : text;
}
