/** Variance of the logarithm of a figure from run to run, and how many degrees of freedom stand behind it. */
export interface NoiseShare {
  readonly variance: number;
  readonly freedom: number;
}

export interface PooledNoise extends NoiseShare {
  /** Where it was taken from. */
  readonly from: readonly ('runs' | 'history' | 'assumed')[];
}

/**
 * Runs of one version on one machine differ by 5–7 % in their percentiles: repeated comparisons of the same commit were more than 5 %
 * off in 35 of 100 cases, more than 10 % in 13, more than 15 % in 3 (handsontable #13321), which is a scatter of 6 % for each run.
 * The upper end is assumed.
 */
const ASSUMED_NOISE = 0.07;
/** In the open model requests come on schedule, however the machine fares: what is answered scatters by the draw of the journeys alone, and by what is lost. */
export const ASSUMED_OPEN_THROUGHPUT_NOISE = 0.01;
/** What is assumed weighs like so many measured degrees of freedom, and steps back for each that was measured: five runs a side silence it. */
const ASSUMED_FREEDOM = 8;

/**
 * The noise of one run’s figure, its own seconds’ scatter included, pooled by degrees of freedom: the spread of the runs that are
 * compared, the spread in the history, and as far as both are short the assumed noise. Never below what a run’s own seconds show.
 */
export function poolNoise(runs: NoiseShare, history: NoiseShare | null, within: number, assumedNoise: number = ASSUMED_NOISE): PooledNoise {
  const past = history ?? { variance: 0, freedom: 0 };
  const assumed = { variance: assumedNoise ** 2 + within, freedom: Math.max(0, ASSUMED_FREEDOM - runs.freedom - past.freedom) };
  const shares = [['runs', runs], ['history', past], ['assumed', assumed]] as const;
  const freedom = shares.reduce((sum, [, share]) => sum + share.freedom, 0);
  const variance = shares.reduce((sum, [, share]) => sum + share.variance * share.freedom, 0) / freedom;
  return { variance: Math.max(variance, within), freedom, from: shares.filter(([, share]) => share.freedom > 0).map(([from]) => from) };
}

/** What is expected of a single run before it is compared with anything. */
export function expectedNoise(history: NoiseShare | null): NoiseShare {
  return poolNoise({ variance: 0, freedom: 0 }, history, 0);
}
