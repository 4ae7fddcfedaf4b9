/** One figure a condition can be held against, with one-sided 95 % bounds in the metric's unit; null: nothing bounds it there. */
export interface Figure {
  readonly observed: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Requests, look-ups or readings it rests on. */
  readonly samples: number;
  /** The observation fell among time-outs: the true figure is `observed` or more. */
  readonly censored: boolean;
  /** What a person must know to read the figure, in a few words; empty where nothing must be said. */
  readonly note: string;
}

/** Why there is no figure. */
export interface Missing {
  readonly missing: 'inconclusive' | 'not-measured';
  readonly reason: string;
}

export type Measured = Figure | Missing;

export function isMissing(measured: Measured): measured is Missing {
  return 'missing' in measured;
}

/** A figure that is a fact of the run and not an estimate: a maximum, a count. */
export function exactly(observed: number, samples: number, note = ''): Figure {
  return { observed, low: observed, high: observed, samples, censored: false, note };
}
