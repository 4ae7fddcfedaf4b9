import { exitCodeOfComparison } from '../compare/outcome.ts';
import type { ExitCode } from '../errors.ts';
import type { Comparison } from '../model/comparison.ts';
import { comparisonLines } from '../reporters/comparison.ts';
import { comparisonMarkdown } from '../reporters/comparison-markdown.ts';
import type { Host } from './host.ts';

/** The comparison as JSON, Markdown or a table on stdout, and its exit code. */
export function showComparison(comparison: Comparison, as: { readonly json?: boolean; readonly markdown?: boolean }, host: Host): ExitCode {
  const exitCode = exitCodeOfComparison(comparison);
  if (as.json) host.out.write(`${JSON.stringify({ exitCode, ...comparison }, null, 2)}\n`);
  else if (as.markdown) host.out.write(`${comparisonMarkdown(comparison)}\n`);
  else {
    host.out.write(`${comparisonLines(comparison, { chalk: host.out.chalk, columns: host.out.columns() }).join('\n')}\n`);
    if (!comparison.comparable && comparison.differences.length === 0) host.out.write('  --force compares all the same, and says so.\n');
  }
  return exitCode;
}
