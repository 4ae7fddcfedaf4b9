import type { Comparison } from './condition.ts';
import { formatValue } from './units.ts';

/** A condition as text that reads back as the same comparisons: the author's spelling is lost, the meaning is not. */
export function formatCondition(comparisons: readonly Comparison[]): string {
  return comparisons.map(formatComparison).join(' or ');
}

export function formatComparison(comparison: Comparison): string {
  const { metric, aggregate, op, forSeconds, inSeconds } = comparison;
  const parts = [`${metric}${aggregate === null ? '' : `.${aggregate}`}${formatScope(comparison.scope)}`, op, formatLimit(comparison)];
  if (forSeconds !== null) parts.push(`for ${formatSpan(forSeconds)}`);
  if (inSeconds !== null) parts.push(`in ${formatSpan(inSeconds)}`);
  return parts.join(' ');
}

function formatScope(scope: Comparison['scope']): string {
  const entries = Object.entries(scope).map(([key, value]) => `${key}=${needsQuotes(value) ? quote(value) : value}`);
  return entries.length === 0 ? '' : `{${entries.join(',')}}`;
}

function needsQuotes(value: string): boolean {
  return /[,{}"]/.test(value) || value.trim() !== value;
}

function quote(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}

function formatLimit({ value, unit, relativeTo }: Comparison): string {
  if (relativeTo === null) return formatValue(value, unit);
  const percent = Number((value * 100 - 100).toFixed(9));
  const isWholeStory = (100 + percent) / 100 === value;
  if (relativeTo === 'reference' || !isWholeStory) return `${value} x ${relativeTo}`;
  return percent === 0 ? relativeTo : `${relativeTo} ${percent < 0 ? '-' : '+'} ${Math.abs(percent)} %`;
}

function formatSpan(seconds: number): string {
  for (const [name, size] of [['d', 86_400], ['h', 3600], ['min', 60]] as const) {
    if (Number.isInteger(seconds / size)) return `${seconds / size} ${name}`;
  }
  return `${seconds} s`;
}
