import type { ComparedScope } from '../model/comparison.ts';
import { incompleteBeta } from '../stats/beta.ts';
import { shareBounds } from '../stats/binomial.ts';
import type { Contrast } from './contrast.ts';
import type { ErrorCount } from './observe.ts';

/** Errors of two or fewer runs say nothing of how they differ from run to run. */
const FEWEST_RUNS = 3;

/**
 * Error rates, which may be 0 and so have no logarithm: counts of as many independent requests as the runs are worth (errors come
 * in bursts, within a run and from run to run). Which side has more of all errors is a matter of dice loaded by the sides’ sizes
 * (Przyborowski & Wilenski 1940); the difference is bounded by those of both sides (Zou & Donner 2008, from exact ones).
 */
export function contrastErrors(
  scope: ComparedScope, base: readonly ErrorCount[], head: readonly ErrorCount[], runsPerSide: number | null = 2 / (1 / base.length + 1 / head.length),
): Contrast | null {
  const [before, after] = [poolErrors(base), poolErrors(head)];
  if (before === null || after === null) return null;
  return {
    scope, metric: 'http.error_rate', base: 100 * before.share, head: 100 * after.share, isLog: false, freedom: Infinity, ...sizeUp(before, after), echo: null, noise: null,
    outlook: { kind: 'counts', runsPerSide, measuredFor: (times) => sizeUp(longer(before, times), longer(after, times)) },
  };
}

/**
 * The difference of error rates that matters, in percentage points: a tenth of a percent, which is what plans allow of errors altogether.
 * It does not grow where there are few requests: then nothing is proven, and that is what is said.
 */
export const ERROR_MARGIN_POINTS = 0.1;

function sizeUp(before: Pooled, after: Pooled): Pick<Contrast, 'change' | 'pRise' | 'pFall'> {
  const [b, h] = [shareBounds(before.failed, before.size), shareBounds(after.failed, after.size)];
  const mid = after.share - before.share;
  return {
    change: {
      low: 100 * (mid - Math.hypot(after.share - h.low, b.high - before.share)), mid: 100 * mid,
      high: 100 * (mid + Math.hypot(h.high - after.share, before.share - b.low)),
    },
    pRise: tail(after, before), pFall: tail(before, after),
  };
}

/** So many times the requests, with the same share of errors. */
function longer({ share, failed, size, requests }: Pooled, times: number): Pooled {
  return { share, failed: failed * times, size: size * times, requests: requests * times };
}

interface Pooled {
  readonly share: number;
  /** Effective numbers, real ones. */
  readonly failed: number;
  readonly size: number;
  readonly requests: number;
}

function poolErrors(runs: readonly ErrorCount[]): Pooled | null {
  const requests = runs.reduce((sum, run) => sum + run.requests, 0);
  if (requests === 0) return null;
  const failed = runs.reduce((sum, run) => sum + run.failed, 0);
  const share = failed / requests;
  // A run without errors does not know in what bursts they come.
  const bursts = failed === 0 ? 1 : runs.reduce((sum, run) => sum + (run.failed * run.requests) / Math.max(1e-9, run.effective), 0) / failed;
  const size = requests / Math.max(1, bursts) / dispersion(runs, share);
  return { share, failed: share * size, size, requests };
}

/** How many times more the runs differ than the dice would let them; at least 1. */
function dispersion(runs: readonly ErrorCount[], share: number): number {
  if (runs.length < FEWEST_RUNS || share <= 0 || share >= 1) return 1;
  const squares = runs.reduce((sum, run) => {
    const expected = run.requests * share;
    return run.requests === 0 ? sum : sum + (((run.failed - expected) ** 2) * (run.effective / run.requests)) / (expected * (1 - share));
  }, 0);
  return Math.max(1, squares / (runs.length - 1));
}

/** Probability that `one` gets as many of all the errors as it did. */
function tail(one: Pooled, other: Pooled): number {
  if (one.failed <= 0) return 1;
  return incompleteBeta(one.size / (one.size + other.size), one.failed, other.failed + 1);
}
