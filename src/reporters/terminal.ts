import type { ChalkInstance } from 'chalk';
import { BOTTLENECK_TITLES } from '../model/bottleneck.ts';
import type { DiagnosedBottleneck, Report, Verdict } from '../model/report.ts';
import type { Reporter, RenderOptions } from './reporter.ts';
import { thresholdLines } from './terminal-thresholds.ts';
import { headlineOf, sayMetric, sayLimit, sayNumber, sayObserved, sayRange, sentenceOf, usersOf, type Headline } from './words.ts';

/** What a person sees at the end; readable at 80 columns, without colour, and in a pipe. */
export const terminal: Reporter = {
  name: 'terminal',
  fileName: null,
  render: (report, options) => [
    ...headLines(report, options),
    ...thresholdLines(report, options),
    ...signLines(report, options),
    ...diagnosisLines(report, options),
    ...outlookLines(report, options),
    ...trustLines(report, options),
    `Report: ${report.folder}/report.html`,
    '',
  ].join('\n'),
};

function headLines(report: Report, { chalk, columns }: RenderOptions): string[] {
  const { plan, phase } = report;
  const word = headlineOf(report);
  const title = `${plan.id} · phase ${phase.id} · ${phase.name} · ${sayRange(phase.users)} users`;
  const gap = ' '.repeat(Math.max(2, Math.min(columns, 100) - title.length - word.length));
  return ['', `${chalk.bold(title)}${gap}${paintHeadline(word, chalk)}`, ...wrap(sentenceOf(report), columns, '  '), ''];
}

function paintHeadline(word: Headline, chalk: ChalkInstance): string {
  if (word === 'PASS') return chalk.green.bold(word);
  return word === 'FAIL' || word === 'INVALID' ? chalk.red.bold(word) : chalk.yellow.bold(word);
}

/** Triggers, alerts and symptoms that fired; the quiet ones are only counted. */
function signLines({ verdicts }: Report, { chalk }: RenderOptions): string[] {
  const signs = verdicts.filter(({ condition }) => condition.kind !== 'threshold');
  const fired = signs.filter(({ status }) => status === 'fired');
  if (fired.length === 0) return [];
  return ['', chalk.bold('Signs that fired'), ...fired.map((sign) => `  ${sign.condition.kind.padEnd(8)} ${sayMetric(sign.condition)} ${sayObserved(sign)}, ${sayLimit(sign.condition)}${sectionOf(sign)}`)];
}

function sectionOf({ condition }: Verdict): string {
  return condition.source ? `  §${condition.source.section}` : '';
}

function diagnosisLines({ diagnosis, plan }: Report, options: RenderOptions): string[] {
  const { chalk, columns } = options;
  const named = diagnosis.bottlenecks.flatMap((one) => bottleneckLines(one, options));
  const missing = diagnosis.unknown.length === 0 ? [] : diagnosis.unknown.flatMap(({ id, missing: what }) => wrap(`not judged: ${BOTTLENECK_TITLES[id]}: needs ${what}`, columns, '  '));
  const sentence: Readonly<Record<typeof diagnosis.outcome, string>> = {
    bottleneck: '',
    none: plan.milestones.length > 0 ? 'No milestone hit.' : 'No bottleneck found.',
    undetermined: 'Users are harmed, and the evidence does not single out one cause.',
    'not-enough-evidence': 'Users are harmed, and the evidence does not suffice to name the cause.',
    generator: 'The load generator was the limit: nothing can be said about the target.',
  };
  return ['', ...(sentence[diagnosis.outcome] ? [chalk.bold(sentence[diagnosis.outcome])] : []), ...named, ...missing];
}

function bottleneckLines(one: DiagnosedBottleneck, { chalk, columns }: RenderOptions): string[] {
  const title = BOTTLENECK_TITLES[one.id];
  const expected = one.milestone ? ` (${one.status === 'hit' ? 'hit at' : 'seen at'} ${sayNumber(one.milestone.hitAtUsers)} users, expected at ${sayNumber(one.milestone.users)})` : '';
  const head = one.status === 'hit' ? chalk.red.bold(`Milestone hit: ${title}`) : chalk.yellow(`Signs of: ${title}`);
  const signs = (isFor: boolean): string => one.evidence.filter((sign) => sign.for === isFor).map((sign) => sign.text).join(' · ');
  return [
    `${head}${expected}   confidence ${one.confidence.toFixed(2)}`,
    ...labelled('for', signs(true), columns),
    ...labelled('against', signs(false), columns),
    ...labelled('remedy', remedyOf(one), columns),
  ];
}

function remedyOf({ remedy, milestone }: DiagnosedBottleneck): string {
  if (!milestone) return remedy;
  const due = milestone.prepareByUsers === null ? '' : `, due by ${sayNumber(milestone.prepareByUsers)} users`;
  const lead = milestone.leadTimeWeeks ? `, ${sayRange(milestone.leadTimeWeeks)} weeks` : '';
  const cost = milestone.costMonthlyUsd ? `, $${sayRange(milestone.costMonthlyUsd)} a month` : '';
  return `${remedy}${due}${lead}${cost}`;
}

function outlookLines(report: Report, { chalk, columns }: RenderOptions): string[] {
  const [next] = report.outlook.next;
  if (!next) return [];
  const title = next.bottleneck ? BOTTLENECK_TITLES[next.bottleneck] : (report.plan.milestones.find(({ id }) => id === next.milestone)?.title ?? next.milestone);
  const by = next.prepareByUsers === null ? '' : `, prepare by ${sayNumber(next.prepareByUsers)}`;
  const cost = next.costMonthlyUsd ? `, $${sayRange(next.costMonthlyUsd)} a month` : '';
  const basis = next.basis === 'plan' ? ' (the plan’s own figure, not measured)' : '';
  return wrap(`${chalk.bold('Next:')} ${title} at ${sayNumber(next.users.mid)} users${by}${cost}${basis}`, columns, '');
}

function trustLines(report: Report, { columns, chalk }: RenderOptions): string[] {
  const { run, validity } = report;
  const lines: string[] = [];
  if (validity.reasons.length > 0) lines.push(...validity.reasons.flatMap((reason) => wrap(`generator: ${reason}`, columns, '  ')));
  for (const probe of run.probes) {
    if (probe.status !== 'ok') lines.push(...wrap(`probe ${probe.kind} ${probe.status}: ${probe.reason}${probe.hint ? ` ${probe.hint}` : ''}`, columns, '  '));
  }
  if (run.acceptNoise) lines.push('  --accept-noise: where a limit lay between the bounds, the point estimate decided');
  lines.push(...wrap(`Target: ${run.target.url}${run.target.servers.length > 0 ? ` (${run.target.servers.join(', ')})` : ''} at the load of ${sayNumber(usersOf(report))} users`, columns, ''));
  return ['', ...lines.map((line) => chalk.dim(line))];
}

function labelled(label: string, text: string, columns: number): string[] {
  if (!text) return [];
  return wrap(text, columns, ' '.repeat(12)).map((line, index) => (index === 0 ? `  ${label.padEnd(9)} ${line.trimStart()}` : line));
}

/** Breaks at spaces; a word longer than the line stays whole. Escape codes do not count: colour is put on whole lines or single words. */
function wrap(text: string, columns: number, indent: string): string[] {
  const width = Math.max(40, Math.min(columns, 100));
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    const isFull = line.trim() !== '' && visibleLength(line) + 1 + visibleLength(word) > width;
    if (isFull) lines.push(line);
    line = isFull || line.trim() === '' ? `${indent}${word}` : `${line} ${word}`;
  }
  return [...lines, line];
}

function visibleLength(text: string): number {
  // oxlint-disable-next-line no-control-regex -- colour codes begin with the escape character
  return text.replace(/\u001b\[[0-9;]*m/g, '').length;
}
