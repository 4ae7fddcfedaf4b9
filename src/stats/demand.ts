/** A second of a resource: requests that were answered, and how busy it was, in server-seconds. */
export interface WorkedSecond {
  readonly requests: number;
  readonly work: number;
  /** The same, had its requests come in the mix that is asked for; left out where that is not known. */
  readonly workAtMix?: number;
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
 * burstiness. `hasGround`: whether the resource is known to do work that no request asks for. Null for too few seconds or no work.
 */
export function demandOf(stages: readonly (readonly WorkedSecond[])[], { hasGround }: { readonly hasGround: boolean }): Demand | null {
  const last = stages.at(-1);
  if (last === undefined || last.length < FEWEST_SECONDS) return null;
  const [busy, rate] = [meanOf(last, atMix), meanOf(last, ({ requests }) => requests)];
  if (!(busy > 0 && rate > 0)) return null;
  const ground = groundOf(stages.slice(0, -1), last, busy, rate);
  const idle = hasGround ? likelyGround(ground, busy) : provenGround(ground, busy);
  const seconds = (busy - idle.value) / rate;
  const residuals = last.map((one) => atMix(one) - idle.value - seconds * one.requests);
  const n = last.length;
  const scatter = Math.sqrt(residuals.reduce((sum, one) => sum + one * one, 0) / (n - 2) / n);
  const came = meanOf(last, ({ work }) => work);
  const variance = last.reduce((sum, { work }) => sum + (work - came) ** 2, 0) / (n - 1);
  return { seconds, error: Math.hypot(scatter, idle.error) / (busy - idle.value), idle: idle.value, burstSeconds: variance / (2 * (came - idle.value)), burstError: Math.sqrt(2 / (n - 1)) };
}

interface Ground {
  readonly value: number;
  /** Standard error. */
  readonly error: number;
}

/** What is busy at no load, by the line through the first stage of another load and the last one; unknown where there is none. */
function groundOf(others: readonly (readonly WorkedSecond[])[], last: readonly WorkedSecond[], busy: number, rate: number): Ground {
  const calm = others.find((stage) => stage.length >= FEWEST_SECONDS / 2 && meanOf(stage, ({ requests }) => requests) * APART < rate);
  if (calm === undefined) return { value: 0, error: Infinity };
  const [calmBusy, calmRate] = [meanOf(calm, atMix), meanOf(calm, ({ requests }) => requests)];
  const slope = (busy - calmBusy) / (rate - calmRate);
  return { value: busy - slope * rate, error: Math.hypot(rate * errorOf(calm, busy / rate), calmRate * errorOf(last, busy / rate)) / (rate - calmRate) };
}

/**
 * A ground that is known to be there, as likely as it is found: shrunk towards 0 the more, the less sure it is (the mean of a normal ground about 0 and a
 * normal reading of it: Gelman et al. 2013, Bayesian Data Analysis, ch. 2.5). Taken or left by a test, it would be the largest error there is either way.
 */
function likelyGround({ value, error }: Ground, busy: number): Ground {
  const expected = busy * EXPECTED_GROUND;
  if (error === Infinity) return { value: 0, error: expected };
  const weight = expected ** 2 / (expected ** 2 + error ** 2);
  return { value: Math.max(0, Math.min(busy * MOST_IDLE, weight * value)), error: Math.sqrt(weight) * error };
}

/** Of what an event loop did under a light load, in sixteen tests: 0.04 to 0.27, and this as the root of their mean square; see docs/capacity-model.md. */
const EXPECTED_GROUND = 0.15;

/** A resource that works for requests alone has none, unless it is told apart from nothing. */
function provenGround({ value, error }: Ground, busy: number): Ground {
  return { value: value > SURE * error ? Math.min(busy * MOST_IDLE, value) : 0, error: 0 };
}

/** A ground that one calm stage in twenty has by chance would be found in one run of twenty, and be the largest error there is. */
const SURE = 3;
/** A load that makes less than half of the work is no test of it. */
const MOST_IDLE = 0.5;

/** Standard error of the mean work of some seconds, their requests given. */
function errorOf(seconds: readonly WorkedSecond[], cost: number): number {
  const residuals = seconds.map((one) => atMix(one) - cost * one.requests);
  const mean = residuals.reduce((sum, one) => sum + one, 0) / residuals.length;
  return Math.sqrt(residuals.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (residuals.length - 1) / residuals.length);
}

function atMix({ work, workAtMix }: WorkedSecond): number {
  return workAtMix ?? work;
}

function meanOf(seconds: readonly WorkedSecond[], of: (second: WorkedSecond) => number): number {
  return seconds.reduce((sum, one) => sum + of(one), 0) / seconds.length;
}
