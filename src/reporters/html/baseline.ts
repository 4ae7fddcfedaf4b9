import type { DifferenceStatus } from '../../model/comparison.ts';
import type { Report } from '../../model/report.ts';
import { comparisonCells, sayComparison, sayNeed } from '../comparison.ts';
import { escape } from './escape.ts';
import { list } from './sections.ts';
import { table } from './table.ts';

const TONES: Readonly<Record<DifferenceStatus, string>> = { worse: 'fail-text', better: 'pass-text', same: 'dim', 'cannot-tell': 'open-text' };

/** Against the runs that `--baseline` named; what forbids the comparison first. */
export function baselineSection({ comparison }: Report): string {
  if (!comparison) return '';
  const { reasons, notes, differences, method } = comparison;
  const isOneSuite = new Set(differences.map(({ scope }) => scope.suite)).size === 1;
  const rows = differences.map((one) => {
    const [name = '', base = '', head = '', change = '', verdict = ''] = comparisonCells(one, isOneSuite);
    const why = one.status === 'cannot-tell' ? `${one.reason}. ${sayNeed(one)}` : one.reason;
    return [escape(name), escape(base), escape(head), escape(change), `<span class="${TONES[one.status]}">${escape(verdict)}</span>`, `<span class="dim">${escape(why)}</span>`];
  });
  const columns = [{ name: 'Figure' }, { name: 'Base', isFigure: true }, { name: 'This run', isFigure: true }, { name: 'Change, 95 % bounds', isFigure: true }, { name: 'Verdict' }, { name: 'Why' }];
  return `<h2>Against the baseline</h2><p>${escape(sayComparison(comparison))}</p>${list(reasons.map((reason) => `differs: ${reason}`))}
${rows.length === 0 ? '' : table('Differences', columns, rows)}${list(notes)}${method === '' ? '' : `<p class="dim">${escape(method)}</p>`}`;
}
