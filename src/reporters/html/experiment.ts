import type { Report } from '../../model/report.ts';
import { feltIn, sayExperiment, sayWayBack } from '../experiment.ts';
import { sayMetric, sayNumber, sayObserved, sayVerdictLimit } from '../words.ts';
import { escape } from './escape.ts';
import { list } from './sections.ts';
import { table } from './table.ts';

const TONES = { 'as-expected': 'pass', 'not-as-expected': 'fail', undecided: 'open', 'not-carried-out': 'fail' } as const;

/** What was done to the target, how its users fared, how long the way back was, and whether a write was lost. */
export function experimentSection({ experiment }: Report): string {
  if (experiment === undefined) return '';
  const figure = (value: number | null): string => (value === null ? '' : sayNumber(value));
  const rows = feltIn(experiment).map(([when, felt]) => [
    when, String(felt.seconds.to - felt.seconds.from), sayNumber(felt.requests), figure(felt.errorPercent), figure(felt.p95Ms), sayNumber(felt.throughputPerSec),
  ]);
  const expected = experiment.verdicts.map((verdict) => [
    escape(verdict.condition.text), `<span class="${verdict.status === 'fail' ? 'fail' : verdict.status === 'pass' ? 'pass' : 'open'}-text">${verdict.status}</span>`,
    escape(`${sayMetric(verdict.condition)} ${sayObserved(verdict)}`), escape(sayVerdictLimit(verdict)),
  ]);
  return `<h2>Experiment: ${escape(experiment.name)}</h2><p>${escape(experiment.what)}</p>
<p class="${TONES[experiment.outcome]}-text">${escape(sayExperiment(experiment))}</p>
${rows.length === 0 ? '' : table('What users felt', [{ name: 'When' }, ...['Seconds', 'Requests', 'Errors %', 'p95 ms', 'Answers/s'].map((name) => ({ name, isFigure: true }))], rows)}
${expected.length === 0 ? '' : table('What was expected meanwhile', [{ name: 'Expected' }, { name: 'Status' }, { name: 'Observed' }, { name: 'Limit' }], expected)}
<p>Way back: ${escape(sayWayBack(experiment))}.${experiment.consistency === null ? '' : ` Writes: ${escape(experiment.consistency.note)}.`}</p>
${list(experiment.notes)}`;
}
