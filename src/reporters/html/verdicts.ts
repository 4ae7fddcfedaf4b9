import type { Report, Verdict } from '../../model/report.ts';
import { assumptionsNamed } from '../assumptions.ts';
import { headlineOf, sentenceOf } from '../headline.ts';
import { sayBounds, sayMetric, sayNumber, sayObserved, sayVerdictLimit } from '../words.ts';
import { escape, prose } from './escape.ts';
import { table, type Column } from './table.ts';

/** The verdict in one sentence, at the top. */
export function verdictSection(report: Report): string {
  const word = headlineOf(report);
  return `<div class="verdict ${word.toLowerCase()}"><strong>${word}</strong><p>${prose(sentenceOf(report))}</p></div>`;
}

const THRESHOLD_COLUMNS: readonly Column[] = [
  { name: 'Verdict' }, { name: 'Metric' }, { name: 'Observed', isFigure: true }, { name: 'Bounds', isFigure: true }, { name: 'Limit', isFigure: true },
  { name: 'Samples', isFigure: true }, { name: 'Source' },
];

/** So many passes in a row hide the rest of the page: they fold away. */
const MANY = 10;

/** Suite by suite, the load suite first: it is what the phase is about. */
export function thresholdSection({ verdicts, plan }: Report): string {
  const thresholds = verdicts.filter(({ condition }) => condition.kind === 'threshold');
  const suites = [...new Set(thresholds.map(({ suite }) => suite))].sort((a, b) => Number(b === 'load') - Number(a === 'load'));
  const tables = suites.map((suite) => {
    const own = thresholds.filter((one) => one.suite === suite);
    const whole = table(`${suite} suite`, THRESHOLD_COLUMNS, own.map((verdict) => verdictRow(verdict, plan)));
    const isDull = own.length >= MANY && own.every(({ status }) => status === 'pass');
    return isDull ? `<details><summary>${escape(suite)} suite: <span class="pass-text">all ${own.length} passed</span></summary>${whole}</details>` : whole;
  });
  return `<h2>Thresholds</h2><p class="dim">Bounds are one-sided at 95 %. A limit between them is undecided, never passed.</p>${tables.join('\n')}`;
}

export function signSection({ verdicts, plan }: Report): string {
  const signs = verdicts.filter(({ condition }) => condition.kind !== 'threshold');
  if (signs.length === 0) return '';
  const columns = THRESHOLD_COLUMNS.map(({ name, ...more }) => ({ name: name === 'Verdict' ? 'Status' : name === 'Limit' ? 'Fires at' : name, ...more }));
  const rows = signs.map((sign) => verdictRow(sign, plan)).sort((a, b) => Number(b[0]?.includes('>fired<')) - Number(a[0]?.includes('>fired<')));
  return `<h2>Symptoms, triggers, alerts</h2>${table('Signs that a milestone is near', columns, rows)}`;
}

/** Colour never says it alone: each status has its mark and its word. */
const MARKS: Readonly<Record<Verdict['status'], readonly [tone: 'pass' | 'fail' | 'open', mark: string]>> = {
  pass: ['pass', '✓'], 'not-fired': ['pass', '✓'], fail: ['fail', '✗'], fired: ['fail', '✗'], warn: ['open', '!'], inconclusive: ['open', '?'], 'not-measured': ['open', '–'],
};

function verdictRow(verdict: Verdict, plan: Report['plan']): string[] {
  const { condition, status, samples, reason } = verdict;
  const [tone, mark] = MARKS[status];
  const source = condition.source ? `${condition.source.section}, line\u00a0${condition.source.line}` : 'derived from the plan’s load';
  const title = condition.source ? ` title="${escape(condition.source.document)}"` : '';
  const optional = condition.required || condition.kind !== 'threshold' ? '' : `<br><span class="dim">not required${condition.reason ? `: ${escape(condition.reason)}` : ''}</span>`;
  const kind = condition.kind === 'threshold' ? '' : `<span class="dim">${condition.kind}</span> `;
  const why = status === 'pass' || status === 'not-fired' ? '' : `<br><span class="dim">${prose(reason)}</span>`;
  const assumed = assumptionsNamed(plan, condition.assumes).map(({ text, reason: because }) => `<details class="assumed"><summary>assumed: ${escape(text)}</summary><p class="dim">${escape(because)}</p></details>`).join('');
  return [
    `<span class="${tone}-text"><span aria-hidden="true">${mark} </span><span class="word">${status.replace('-', ' ').replace('not fired', 'quiet')}</span></span>`,
    `${kind}<code>${breakable(sayMetric(condition))}</code>${optional}${why}${assumed}`, escape(sayObserved(verdict)), escape(sayBounds(verdict)), escape(sayVerdictLimit(verdict)),
    samples === 0 ? '' : sayNumber(samples), `<span class="dim"${title}>${escape(source)}</span>`,
  ];
}

/** On a phone a name breaks at its joints rather than within a word. */
function breakable(name: string): string {
  return escape(name).replace(/[.{_=]/g, '$&<wbr>');
}
