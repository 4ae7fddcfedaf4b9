import { BOTTLENECK_TITLES } from '../../model/bottleneck.ts';
import type { DiagnosedBottleneck, Report, ScopeSummary, StepSummary } from '../../model/report.ts';
import { sayCriterion } from '../assumptions.ts';
import { NOTHING_JUDGED, sayCutShort } from '../headline.ts';
import { counterSigns, remedyOf } from '../terminal-diagnosis.ts';
import { sayNumber, sayValue } from '../words.ts';
import { escape, prose } from './escape.ts';
import { table, type Column } from './table.ts';

/** Which bottleneck, why, what speaks against its look-alikes, and what to do. */
export function diagnosisSection({ diagnosis, run, steps }: Report): string {
  if (run.interrupted && steps.length === 0) return '';
  const words: Readonly<Record<typeof diagnosis.outcome, string>> = {
    bottleneck: 'What holds the users up', none: 'No milestone was hit', undetermined: 'Users are harmed, and the evidence does not single out one cause',
    'not-enough-evidence': diagnosis.harm.length > 0 ? 'Users are harmed, and the evidence does not suffice to name the cause' : NOTHING_JUDGED, generator: 'The load generator was the limit',
  };
  const harm = list(diagnosis.harm.map(({ text }) => text));
  return `<h2>${words[diagnosis.outcome]}</h2>${diagnosis.bottlenecks.map((cause, at) => causeBlock(cause, counterSigns(diagnosis.bottlenecks, at))).join('')}
${harm ? `<h3>How users are harmed</h3>${harm}` : ''}${observed(diagnosis)}`;
}

/** It never says which part of the target it is, but what whoever has no probes must go by. */
function observed({ observations }: Report['diagnosis']): string {
  return observations.length === 0 ? '' : `<h3>What else was seen</h3>${list(observations.map(({ text }) => text))}`;
}

function causeBlock(cause: DiagnosedBottleneck, against: readonly string[]): string {
  const { id, confidence, status, evidence, milestone } = cause;
  const tone = status === 'hit' ? 'fail' : 'open';
  const users = milestone ? `<p>${status === 'hit' ? 'Hit' : 'Seen'} at the load of ${sayNumber(milestone.hitAtUsers)} users; the plan expects it at ${sayNumber(milestone.users)}${milestone.usersEarly > 0 && status === 'hit' ? `: ${sayNumber(milestone.usersEarly)} users early` : ''}.</p>` : '';
  const rivals = list(against);
  return `<section class="cause ${tone}"><h3>${escape(BOTTLENECK_TITLES[id])} <span class="${tone}-text">${status}</span> <span class="dim">confidence ${confidence.toFixed(2)}</span></h3>${users}
<div class="signs"><div><h4>For it</h4>${list(evidence.filter((one) => one.for).map(({ text }) => text))}</div>${rivals ? `<div><h4>Against it, and against its look-alikes</h4>${rivals}</div>` : ''}</div><p><strong>Remedy:</strong> ${escape(remedyOf(cause))}</p></section>`;
}

export function list(texts: readonly string[]): string {
  return texts.length === 0 ? '' : `<ul>${texts.map((text) => `<li>${prose(text)}</li>`).join('')}</ul>`;
}

const TRAFFIC_COLUMNS: readonly Column[] = [
  { name: 'Scope' }, ...['Asked', 'Sent', 'Requests', 'Failed', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'].map((name) => ({ name, isFigure: true })),
];

/** Every figure of the judged seconds: the load suite by journey and request, the unit suite by endpoint. */
export function trafficSection({ steps }: Report): string {
  const suites = [...new Set(steps.map(({ suite }) => suite))].sort((a, b) => Number(b === 'load') - Number(a === 'load'));
  const tables = suites.map((suite) => {
    const own = steps.filter((step) => step.suite === suite);
    const engines = [...new Set(own.map(({ engine, engineVersion, model }) => `${engine} ${engineVersion}, ${model} model`))].join('; ');
    return table(`${suite} suite (${engines})`, TRAFFIC_COLUMNS, own.flatMap(stepRows));
  });
  return tables.length === 0 ? '' : `<h2>Traffic of the judged seconds</h2>${tables.join('\n')}`;
}

function stepRows(step: StepSummary): string[][] {
  const asked = [escape(askedOf(step)), `${sayNumber(step.sentPerSec)}/s`];
  const journeys = Object.entries(step.journeys);
  if (step.suite === 'unit') return journeys.flatMap(([journey, { steps }]) => Object.entries(steps).map(([name, one]) => scopeRow(`${escape(name)} <span class="dim">${escape(journey)}</span>`, asked, one)));
  return [scopeRow('<strong>all</strong>', asked, step), ...journeys.flatMap(([journey, summary]) => [
    scopeRow(`<strong>${escape(journey)}</strong>`, ['', ''], summary),
    ...Object.entries(summary.steps).map(([name, one]) => scopeRow(`<span class="inner">${escape(name)}</span>`, ['', ''], one)),
  ])];
}

function scopeRow(name: string, asked: readonly string[], { requests, errors, latencyMs }: ScopeSummary): string[] {
  const figures = [latencyMs.p50, latencyMs.p95, latencyMs.p99, latencyMs.max].map((value) => (value === null ? '' : sayNumber(value)));
  const kinds = Object.entries(errors).filter(([, count]) => count > 0).map(([kind, count]) => `${kind} ${sayNumber(count)}`);
  return [name, ...asked, sayNumber(requests), kinds.length === 0 ? '0' : `<span class="fail-text">${escape(kinds.join(', '))}</span>`, ...figures];
}

function askedOf({ asked }: StepSummary): string {
  return asked.ratePerSec === null ? `${asked.users ?? '?'} connections` : `${sayNumber(asked.ratePerSec)}/s`;
}

/** Criteria of the plan that no measurement decides. */
export function checklistSection({ plan }: Report): string {
  return plan.checklist.length === 0 ? '' : `<h2>For people to judge</h2>${list(plan.checklist.map(sayCriterion))}`;
}

/** Where the figures come from, and what they take for granted. */
export function factsSection(report: Report): string {
  const { run, plan, validity, toolVersion } = report;
  const probes = run.probes.map((probe) => `${probe.kind}: ${probe.status === 'ok' ? probe.detail : `${probe.status}, ${probe.reason} ${probe.hint ?? ''}`}`);
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ['Run', [run.id]], ['Target', [`${run.target.url}${run.target.demo ? ` with ${run.target.demo}` : ''}`]], ['Servers', run.target.servers],
    ['Load', sayCutShort(report)], ['Generator', validity.reasons.length > 0 ? validity.reasons : ['nothing speaks against it']], ['Probes', probes.length > 0 ? probes : ['none']],
    ...Object.entries(run.environment).map(([name, value]) => (name === 'memoryBytes' ? ['memory', [sayValue(Number(value), 'B')]] as const : [name, [String(value)]] as const)),
    ['Report by', [`scaleplan ${toolVersion}`]],
  ];
  const noise = run.acceptNoise ? ['--accept-noise: where a limit lay between the bounds, the estimate alone decided.'] : [];
  const assumptions = [...noise, ...run.assumptions, ...plan.assumptions.map(({ text, reason }) => `${text} (${reason})`)];
  const shown = facts.filter(([, values]) => values.length > 0).map(([name, values]) => `<dt>${escape(name)}</dt><dd>${values.map(escape).join('<br>')}</dd>`);
  return `<h2>Assumptions</h2>${list(assumptions)}
<h2>Environment</h2><dl>${shown.join('')}</dl>`;
}
