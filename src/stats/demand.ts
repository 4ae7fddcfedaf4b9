/** A second of a resource: requests that were answered, and how busy it was, in server-seconds. */
export interface WorkedSecond {
  readonly requests: number;
  readonly work: number;
}

/** What a request costs a resource, how sure that is, and how unevenly the work comes. */
export interface Demand {
  /** Server-seconds for each request. */
  readonly seconds: number;
  /** Standard error as a share of it. */
  readonly error: number;
  /** Servers kept busy by something else than our requests. */
  readonly idle: number;
  /** Half the variance of a second's work ÷ its mean, in seconds. */
  readonly burstSeconds: number;
  /** Standard error as a share of it. */
  readonly burstError: number;
}

/** A mean and a variance of fewer seconds are chance. */
const FEWEST_SECONDS = 10;
/** Loads nearer to each other than this tell a slope no better than one load does. */
const APART = 1.5;

/**
 * The service demand D of U = U₀ + X · D (Denning & Buzen 1978), from the means of stages of different loads: a regression over single seconds would
 * find it too small, as their throughput is itself a matter of chance. `stages` in the order of the run; the last one counts for the
 * burstiness. Null for too few seconds or no work.
 */
export function demandOf(stages: readonly (readonly WorkedSecond[])[]): Demand | null {
  const last = stages.at(-1);
  if (last === undefined || last.length < FEWEST_SECONDS) return null;
  const [busy, rate] = [meanOf(last, 'work'), meanOf(last, 'requests')];
  if (!(busy > 0 && rate > 0)) return null;
  const idle = idleOf(stages.slice(0, -1), last, busy, rate);
  const seconds = (busy - idle) / rate;
  const residuals = last.map(({ requests, work }) => work - idle - seconds * requests);
  const n = last.length;
  const error = Math.sqrt(residuals.reduce((sum, one) => sum + one * one, 0) / (n - 2) / n) / (busy - idle);
  const variance = last.reduce((sum, { work }) => sum + (work - busy) ** 2, 0) / (n - 1);
  return { seconds, error, idle, burstSeconds: variance / (2 * (busy - idle)), burstError: Math.sqrt(2 / (n - 1)) };
}

/**
 * What is busy at no load, by the line through the first stage of another load and the last one; 0 where there is none, or where it is not told apart
 * from nothing: a calm stage has few requests, and a service demand found beside a ground that is chance is off by as much.
 */
function idleOf(others: readonly (readonly WorkedSecond[])[], last: readonly WorkedSecond[], busy: number, rate: number): number {
  const calm = others.find((stage) => stage.length >= FEWEST_SECONDS / 2 && meanOf(stage, 'requests') * APART < rate);
  if (calm === undefined) return 0;
  const [calmBusy, calmRate] = [meanOf(calm, 'work'), meanOf(calm, 'requests')];
  const slope = (busy - calmBusy) / (rate - calmRate);
  const idle = busy - slope * rate;
  const error = Math.hypot(rate * errorOf(calm, busy / rate), calmRate * errorOf(last, busy / rate)) / (rate - calmRate);
  return idle > SURE * error ? Math.min(busy * MOST_IDLE, idle) : 0;
}

/** A ground that one calm stage in twenty has by chance would be found in one run of twenty, and be the largest error there is. */
const SURE = 3;

/** Standard error of the mean work of some seconds, their requests given. */
function errorOf(seconds: readonly WorkedSecond[], cost: number): number {
  const residuals = seconds.map(({ requests, work }) => work - cost * requests);
  const mean = residuals.reduce((sum, one) => sum + one, 0) / residuals.length;
  return Math.sqrt(residuals.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (residuals.length - 1) / residuals.length);
}

/** A load that makes less than half of the work is no test of it. */
const MOST_IDLE = 0.5;

function meanOf(seconds: readonly WorkedSecond[], of: keyof WorkedSecond): number {
  return seconds.reduce((sum, one) => sum + one[of], 0) / seconds.length;
}
