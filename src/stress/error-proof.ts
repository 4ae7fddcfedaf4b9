import { incompleteBeta } from '../stats/beta.ts';
import { CONFIDENCE, fewestToProve } from '../stats/binomial.ts';

/**
 * A confirming stage goes on until its share of errors is proven to be small, and ends with the first proof: of so many looks one is lucky far more
 * often than one of twenty, and a stage that was not gives way to a second and a third. So the twentieth is dealt out. A proof with k errors in n
 * requests must leave no more than the part of k: it is there from n on or never, so it may be looked for as often as one likes, and the chance of
 * any false one is no more than the sum of the parts (Bonferroni). Nearly all of it goes to what is the rule, a first stage without an error:
 * 3,056 requests for 0.1 %, where a single look would need 2,995.
 */
const WITHOUT_ERROR = 0.97;
/** Each further error has half of what is left. */
const PER_ERROR = 0.5;
/** Of what a stage leaves that could have proven it and did not, the next one has this share. */
const FIRST_STAGE = 0.97;

/** Requests of which one kind of failure is proven to be rare. */
export interface CountedErrors {
  readonly errors: number;
  readonly requests: number;
  /** The share that must not be reached, 0 … 1. */
  readonly limit: number;
}

/** Whether the share of errors is proven to lie below its limit in a search whose `spent` earlier confirming stages could have proven the same. */
export function provesFewErrors({ errors, requests, limit }: CountedErrors, spent: number): boolean {
  return requests >= fewestRequests(limit, errors, spent);
}

/** The fewest requests that do, with so many errors among them. */
export function fewestRequests(limit: number, errors: number, spent: number): number {
  if (limit >= 1) return 0;
  const first = fewestToProve(limit, 0, 1 - partOf(0, spent));
  if (errors === 0) return first;
  const part = partOf(errors, spent);
  // What a stage without an error has proven already is not wrong a second time.
  const chance = (requests: number): number => atMost(errors, requests, limit) - atMost(0, first, limit) * atMost(errors, requests - first, limit);
  let [low, high] = [first + errors, 2 * (first + errors)];
  while (chance(high) > part) high *= 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (chance(middle) > part) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * How many of these confirming stages have used up their part: those that had the requests to prove it, and did not. One that broke before had no chance to be
 * wrong, and one that did prove it, and failed for its latencies, hands its part on (the fallback procedure, Wiens 2003).
 */
export function spentStages(stages: readonly Omit<CountedErrors, 'limit'>[], limit: number): number {
  return stages.reduce((spent, stage) => spent + (stage.requests >= fewestRequests(limit, 0, spent) && !provesFewErrors({ ...stage, limit }, spent) ? 1 : 0), 0);
}

function partOf(errors: number, spent: number): number {
  const ofStage = FIRST_STAGE * (1 - FIRST_STAGE) ** spent;
  const ofErrors = errors === 0 ? WITHOUT_ERROR : (1 - WITHOUT_ERROR) * PER_ERROR ** errors;
  return (1 - CONFIDENCE) * ofStage * ofErrors;
}

/** The chance of so many errors or fewer, where each request fails with `share`. */
function atMost(errors: number, requests: number, share: number): number {
  return errors >= requests ? 1 : 1 - incompleteBeta(share, errors + 1, requests - errors);
}
