import { BOTTLENECK_TITLES } from '../../model/bottleneck.ts';
import type { DiagnosedBottleneck, Report, ScopeSummary, StepSummary, Verdict } from '../../model/report.ts';
import { headlineOf, sayBounds, sayLimit, sayMetric, sayNumber, sayObserved, sayRange, sentenceOf } from '../words.ts';
import { escape } from './escape.ts';

/** The verdict in one sentence, at the top. */
export function verdictSection(report: Report): string {
  const word = headlineOf(report);
  return `<div class="verdict ${word.toLowerCase()}" role="status"><strong>${word}</strong><p>${escape(sentenceOf(report))}</p></div>`;
}

export function thresholdSection({ verdicts }: Report): string {
  const thresholds = verdicts.filter(({ condition }) => condition.kind === 'threshold');
  return `<h2>Thresholds</h2>${table(['Suite', 'Metric', 'Observed', 'Bounds (one-sided 95 %)', 'Limit', 'Verdict', 'Samples', 'Source'], thresholds.map(verdictRow), [2, 3, 6])}`;
}

export function signSection({ verdicts }: Report): string {
  const signs = verdicts.filter(({ condition }) => condition.kind !== 'threshold');
  if (signs.length === 0) return '';
  return `<h2>Symptoms, triggers, alerts</h2>${table(['Kind', 'Metric', 'Observed', 'Bounds', 'Fires at', 'Status', 'Samples', 'Source'], signs.map((sign) => [sign.condition.kind, ...verdictRow(sign).slice(1)]), [2, 3, 6])}`;
}

function verdictRow(verdict: Verdict): string[] {
  const { condition, status, suite, samples, reason } = verdict;
  const tone = status === 'pass' || status === 'not-fired' ? 'pass' : status === 'fail' || status === 'fired' ? 'fail' : 'open';
  const source = condition.source ? `${condition.source.document}, line ${condition.source.line}: ${condition.source.section}` : 'derived';
  const optional = condition.required || condition.kind !== 'threshold' ? '' : ' (not required)';
  return [
    escape(suite), `<code>${escape(sayMetric(condition))}</code>`, escape(sayObserved(verdict)), escape(sayBounds(verdict)), escape(sayLimit(condition)),
    `<span class="${tone}-text">${status}</span>${optional}<br><span class="dim">${escape(reason)}</span>`, sayNumber(samples), `<span class="dim">${escape(source)}</span>`,
  ];
}

export function diagnosisSection({ diagnosis }: Report): string {
  const words: Readonly<Record<typeof diagnosis.outcome, string>> = {
    bottleneck: 'The bottleneck', none: 'No milestone was hit', undetermined: 'The cause is undetermined',
    'not-enough-evidence': 'The evidence does not suffice to name a cause', generator: 'The load generator was the limit',
  };
  const harm = diagnosis.harm.map(({ text }) => `<li>${escape(text)}</li>`).join('');
  const unknown = diagnosis.unknown.map(({ id, missing }) => `<li>${escape(BOTTLENECK_TITLES[id])}: needs ${escape(missing)}</li>`).join('');
  return `<h2>${words[diagnosis.outcome]}</h2>${diagnosis.bottlenecks.map(causeBlock).join('')}
${harm ? `<h3>How users were harmed</h3><ul>${harm}</ul>` : ''}${unknown ? `<h3>Not judged</h3><ul>${unknown}</ul>` : ''}`;
}

function causeBlock({ id, confidence, status, evidence, milestone, remedy }: DiagnosedBottleneck): string {
  const list = (isFor: boolean): string => evidence.filter((one) => one.for === isFor).map(({ text }) => `<li>${escape(text)}</li>`).join('');
  const users = milestone ? ` Hit at ${sayNumber(milestone.hitAtUsers)} users; the plan expects it at ${sayNumber(milestone.users)}.` : '';
  const due = milestone?.prepareByUsers ? `, due by ${sayNumber(milestone.prepareByUsers)} users` : '';
  const lead = milestone?.leadTimeWeeks ? `, ${sayRange(milestone.leadTimeWeeks)} weeks` : '';
  const cost = milestone?.costMonthlyUsd ? `, $${sayRange(milestone.costMonthlyUsd)} a month` : '';
  return `<div class="cause"><h3>${escape(BOTTLENECK_TITLES[id])} <span class="${status === 'hit' ? 'fail' : 'open'}-text">${status}</span> <span class="dim">confidence ${confidence.toFixed(2)}</span></h3>
<p>${escape(users)}</p><p class="dim">For it</p><ul>${list(true)}</ul><p class="dim">Against it and its rivals</p><ul>${list(false)}</ul><p>Remedy: ${escape(`${remedy}${due}${lead}${cost}`)}</p></div>`;
}

export function outlookSection({ outlook, plan }: Report): string {
  if (outlook.next.length === 0) return '';
  const rows = outlook.next.map(({ milestone, bottleneck, users, prepareByUsers, costMonthlyUsd, basis }) => [
    escape(bottleneck ? BOTTLENECK_TITLES[bottleneck] : (plan.milestones.find(({ id }) => id === milestone)?.title ?? milestone)),
    sayNumber(users.mid), prepareByUsers === null ? '' : sayNumber(prepareByUsers), costMonthlyUsd ? `$${sayRange(costMonthlyUsd)}` : '',
    basis === 'plan' ? 'the plan’s own figure, not measured' : 'measured',
  ]);
  return `<h2>What comes next</h2>${table(['Milestone', 'Users', 'Prepare by', 'Cost a month', 'Basis'], rows, [1, 2, 3])}`;
}

export function trafficSection({ steps }: Report): string {
  const rows = steps.flatMap((step) => [
    scopeRow(step.suite, `${step.engine} ${step.engineVersion}, ${step.model}`, askedOf(step), step),
    ...Object.entries(step.journeys).flatMap(([journey, summary]) => [
      scopeRow('', journey, '', summary),
      ...Object.entries(summary.steps).map(([name, one]) => scopeRow('', `${journey} › ${name}`, '', one)),
    ]),
  ]);
  return `<h2>Traffic of the judged seconds</h2>${table(['Suite', 'Scope', 'Asked → sent', 'Requests', 'Errors', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'], rows, [3, 4, 5, 6, 7, 8])}`;
}

function scopeRow(suite: string, name: string, asked: string, { requests, errors, latencyMs }: ScopeSummary): string[] {
  const figures = [latencyMs.p50, latencyMs.p95, latencyMs.p99, latencyMs.max].map((value) => (value === null ? '' : sayNumber(value)));
  const failed = Object.entries(errors).map(([kind, count]) => `${kind} ${count ?? 0}`).join(', ');
  return [escape(suite), escape(name), escape(asked), sayNumber(requests), escape(failed || '0'), ...figures];
}

function askedOf({ asked, sentPerSec }: StepSummary): string {
  const wanted = asked.ratePerSec === null ? `${asked.users ?? '?'} users` : `${sayNumber(asked.ratePerSec)}/s`;
  return `${wanted} → ${sayNumber(sentPerSec)}/s`;
}

export function factsSection({ run, plan, validity, toolVersion }: Report): string {
  const probes = run.probes.map((probe) => `${probe.kind}: ${probe.status === 'ok' ? probe.detail : `${probe.status}, ${probe.reason} ${probe.hint ?? ''}`}`);
  const facts: readonly (readonly [string, string])[] = [
    ['Run', run.id], ['Target', `${run.target.url}${run.target.demo ? ` with ${run.target.demo}` : ''}`], ['Servers', run.target.servers.join(', ') || 'your own'],
    ['Generator', validity.reasons.join('; ') || 'nothing speaks against it'], ['Probes', probes.join(' · ') || 'none'],
    ...Object.entries(run.environment).map(([name, value]) => [name, String(value)] as const), ['Report by', `scaleplan ${toolVersion}`],
  ];
  const assumptions = [...run.assumptions, ...plan.assumptions.map(({ text, reason }) => `${text} (${reason})`)];
  return `<h2>Assumptions</h2><ul>${assumptions.map((text) => `<li>${escape(text)}</li>`).join('')}</ul>
<h2>Environment</h2><dl>${facts.map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`).join('')}</dl>`;
}

/** Cells are HTML already. */
function table(head: readonly string[], rows: readonly (readonly string[])[], figures: readonly number[]): string {
  const kind = (index: number): string => (figures.includes(index) ? ' class="figure"' : '');
  const cells = (row: readonly string[]): string => `<tr>${row.map((cell, index) => `<td${kind(index)}>${cell}</td>`).join('')}</tr>`;
  return `<div class="scroll" tabindex="0" role="region" aria-label="table"><table><thead><tr>${head.map((name, index) => `<th scope="col"${kind(index)}>${escape(name)}</th>`).join('')}</tr></thead><tbody>${rows.map(cells).join('')}</tbody></table></div>`;
}
