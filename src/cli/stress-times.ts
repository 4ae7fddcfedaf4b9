/**
 * How a budget is dealt out. The figures are for six minutes and more; a shorter budget shortens what only makes it surer, and keeps the ten
 * judged seconds of a stage and of the way back, below which nothing is bounded.
 */

/** Caches, pools and compiled code are made in the first stage; the later ones only settle at their load. */
const FIRST_WARM_UP = { least: 4, most: 10, share: 1 / 36 } as const;
export const WARM_UP_SECONDS = 4;
/** Long enough for queues to fill and pools to run dry, short enough to be no more than an incident. */
const OVERLOAD = { least: 5, most: 12, share: 1 / 30 } as const;
/** Start-up and draining of the way back, and the count of the writes. */
const AROUND_WAY_BACK = { least: 4, most: 15, share: 1 / 24 } as const;
/** The first half of a minute of the way back: most come back sooner. */
const WATCH = { least: 12, most: 28, share: 1 / 12 } as const;

/** Whoever has not come back in a minute has not come back by himself. */
const MOST_WATCH = { least: 12, most: 60, share: 1 / 6 } as const;

export function firstWarmUpSeconds(budgetSeconds: number): number {
  return shareOf(budgetSeconds, FIRST_WARM_UP);
}

export interface WayBackTimes {
  readonly overloadSeconds: number;
  readonly aroundSeconds: number;
  /** The longest that a way back is watched. */
  readonly watchSeconds: number;
  /** Kept from the search. */
  readonly reserveSeconds: number;
}

export function wayBackTimes(budgetSeconds: number): WayBackTimes {
  const [overloadSeconds, aroundSeconds] = [shareOf(budgetSeconds, OVERLOAD), shareOf(budgetSeconds, AROUND_WAY_BACK)];
  return { overloadSeconds, aroundSeconds, watchSeconds: shareOf(budgetSeconds, MOST_WATCH), reserveSeconds: overloadSeconds + aroundSeconds + shareOf(budgetSeconds, WATCH) };
}

/** What a search may take in all so that no more than this is still used: what its stages took, and what is left of the clock. */
export function budgetBy(leftSeconds: number, stages: readonly { readonly seconds: number }[]): number {
  return leftSeconds + stages.reduce((sum, { seconds }) => sum + seconds, 0);
}

function shareOf(budgetSeconds: number, { least, most, share }: { readonly least: number; readonly most: number; readonly share: number }): number {
  return Math.min(most, Math.max(least, Math.round(budgetSeconds * share)));
}
