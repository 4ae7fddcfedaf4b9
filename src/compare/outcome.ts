import { EXIT, type ExitCode } from '../errors.ts';
import type { Comparison, DifferenceStatus } from '../model/comparison.ts';

/** What a comparison comes to as a whole: one figure that got worse is a regression, whatever got better. */
export function overallOf({ differences }: Comparison): DifferenceStatus {
  const found = new Set(differences.map(({ status }) => status));
  if (found.has('worse')) return 'worse';
  if (differences.length === 0 || found.has('cannot-tell')) return 'cannot-tell';
  return found.has('better') ? 'better' : 'same';
}

/** What it tells CI: 2 runs that must not be compared, 1 a regression, 4 it cannot tell, 0 no regression. */
export function exitCodeOfComparison(comparison: Comparison): ExitCode {
  if (!comparison.comparable && comparison.differences.length === 0) return EXIT.usage;
  const overall = overallOf(comparison);
  if (overall === 'worse') return EXIT.failed;
  return overall === 'cannot-tell' ? EXIT.inconclusive : EXIT.passed;
}
