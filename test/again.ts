import type { FailedTest } from './count-reporter.ts';

/** What one more try of a test has shown, and how much of the CPU time that somebody wanted meanwhile the hypervisor gave to others. */
export interface Try {
  readonly isPassed: boolean;
  readonly stolenShare: number;
}

export interface Trials {
  readonly passed: readonly FailedTest[];
  readonly failed: readonly FailedTest[];
  /** Failed, and never had the machine to itself. */
  readonly unjudged: readonly FailedTest[];
}

/** A fault fails every time; what failed for a neighbour has passed by then. */
export const MOST_TRIES = 4;
/** Half of what makes a run of scaleplan's own invalid. */
export const CALM_STOLEN_SHARE = 0.05;

/**
 * Tries each failed test again alone, in turns, until it passes, or fails on a machine of its own, or was tried often enough, or the time is over.
 * The second try is everybody's: two loads on two cores meet now and then. A third is only for those whose second the hypervisor has disturbed.
 */
export async function tryAgain(failures: readonly FailedTest[], play: (test: FailedTest) => Promise<Try>, isTimeOver: () => boolean): Promise<Trials> {
  const passed: FailedTest[] = [];
  const failed: FailedTest[] = [];
  let left = [...failures];
  const disturbed = new Set<FailedTest>();
  for (let turn = 2; turn <= MOST_TRIES && left.length > 0 && !isTimeOver(); turn += 1) {
    const next: FailedTest[] = [];
    for (const test of left) {
      if (isTimeOver()) { next.push(test); continue; }
      const { isPassed, stolenShare } = await play(test);
      if (isPassed) passed.push(test);
      else if (stolenShare <= CALM_STOLEN_SHARE) failed.push(test);
      else { next.push(test); disturbed.add(test); }
    }
    left = next;
  }
  return { passed, failed: [...failed, ...left.filter((test) => !disturbed.has(test))], unjudged: left.filter((test) => disturbed.has(test)) };
}
