import type { Comparison } from '../model/comparison.ts';
import { comparisonCells, sayComparison, sayNeed } from './comparison.ts';
import { escapeMarkdown as escape, markdownTable } from './markdown-text.ts';

/** The comparison for a pull request: verdict, table of what is not the same, the rest folded away. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { reasons, notes, differences, method } = comparison;
  const moved = differences.filter(({ status }) => status === 'worse' || status === 'better');
  const rest = differences.filter(({ status }) => status !== 'worse' && status !== 'better');
  return [
    `**${escape(sayComparison(comparison))}**`, '',
    ...reasons.map((reason) => `- differs: ${escape(reason)}`), ...(reasons.length > 0 ? [''] : []),
    ...(moved.length > 0 ? [...table(moved), ''] : []),
    ...(rest.length > 0 ? [`<details><summary>${rest.length} figures without a proven change</summary>`, '', ...table(rest), '', '</details>', ''] : []),
    ...notes.map((note) => `- ${escape(note)}`), ...(notes.length > 0 ? [''] : []),
    ...(method === '' ? [] : [`<sub>${escape(method)}</sub>`, '']),
  ].join('\n');
}

function table(differences: Comparison['differences']): string[] {
  const rows = differences.map((one) => [...comparisonCells(one, false), one.status === 'cannot-tell' ? `${one.reason}. ${sayNeed(one)}` : one.reason]);
  const head = ['figure', 'base', 'head', 'change (95 % bounds)', 'verdict', 'why'];
  return markdownTable(head, rows.map((cells) => cells.map(escape)), [1, 2]);
}
