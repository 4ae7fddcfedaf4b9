import type { OpenStage } from '../../model/load.ts';

/** A phase of artillery's `config.phases`; a time that is no whole number of seconds is written as `'1500ms'`. */
export type ArtilleryPhase =
  | { readonly duration: number | string; readonly arrivalCount: number }
  | { readonly duration: number | string; readonly arrivalRate: number }
  | { readonly pause: number | string };

interface Slice {
  readonly seconds: number;
  readonly arrivals: number;
}

/**
 * The most that one worker is trusted with. One request per journey was sustained at about 1,500/s on one worker; journeys
 * have several. `arrivalCount` runs on the first worker alone, so a higher rate must be an `arrivalRate`.
 */
const ONE_WORKER_PER_SEC = 500;
/** Every slice of a ramp becomes a part of one command line argument, which Linux limits to 128 KB. */
const MOST_SLICES = 300;

/**
 * Stages of an open load as artillery's phases. `arrivalRate` takes no fractions (4.58 fails an assertion) and `rampTo` rounds each
 * second to whole arrivals, so that slow ramps run at a wrong mean. Counted arrivals are exact: every phase gets the whole
 * arrivals that are due by its end and were not yet made, so the sum is never off by more than half a journey.
 */
export function artilleryPhases(stages: readonly OpenStage[], workers: number): ArtilleryPhase[] {
  const slices = dueArrivals(stages.flatMap(slicesOf));
  const peak = Math.max(0, ...stages.flatMap(({ arrivalsPerSec: { from, to } }) => [from, to]));
  const spread = workers > 1 && peak > ONE_WORKER_PER_SEC;
  return slices.flatMap((slice) => {
    if (slice.arrivals === 0) return [{ pause: duration(slice.seconds) }];
    return spread ? spreadPhases(slice) : [{ duration: duration(slice.seconds), arrivalCount: slice.arrivals }];
  });
}

/** A constant stage stays whole, a ramp is cut into steps of a second or, where it is long, of several. Arrivals may be fractions here. */
function slicesOf({ durationSeconds, arrivalsPerSec: { from, to } }: OpenStage): Slice[] {
  if (from === to) return [{ seconds: durationSeconds, arrivals: from * durationSeconds }];
  const step = Math.max(1, Math.ceil(durationSeconds / MOST_SLICES));
  const slices: Slice[] = [];
  for (let start = 0; start < durationSeconds; start += step) {
    const seconds = Math.min(step, durationSeconds - start);
    const rate = from + ((to - from) * (start + seconds / 2)) / durationSeconds;
    slices.push({ seconds, arrivals: rate * seconds });
  }
  return slices;
}

/** Turns fractions into whole arrivals, carrying what was rounded over to the next slice. */
function dueArrivals(slices: readonly Slice[]): Slice[] {
  let due = 0;
  let made = 0;
  return slices.map(({ seconds, arrivals }) => {
    due += arrivals;
    const now = Math.round(due) - made;
    made += now;
    return { seconds, arrivals: now };
  });
}

/** `arrivalRate` is shared out over all workers but takes whole numbers: part of the time at the rate below, the rest at the one above. */
function spreadPhases({ seconds, arrivals }: Slice): ArtilleryPhase[] {
  const low = Math.floor(arrivals / seconds);
  const highSeconds = Math.round(arrivals - low * seconds);
  const parts = [{ seconds: seconds - highSeconds, rate: low }, { seconds: highSeconds, rate: low + 1 }];
  return parts.filter((part) => part.seconds > 0).map((part) => {
    return part.rate === 0 ? { pause: duration(part.seconds) } : { duration: duration(part.seconds), arrivalRate: part.rate };
  });
}

function duration(seconds: number): number | string {
  return Number.isInteger(seconds) ? seconds : `${Math.round(seconds * 1000)}ms`;
}
