import type { Comparison, Condition } from '../model/condition.ts';
import { formatComparison } from '../model/format.ts';
import { grouped, needsOf } from './needs.ts';
import { shareOf, type RequestMix } from './request-mix.ts';

/** The shortest judged duration that can decide, and the sum in words. */
export interface QuickDuration {
  readonly seconds: number;
  /** Requests that decide, whatever the rate; 0 where nothing asks for any. */
  readonly requests: number;
  /** Seconds that decide, however many requests they hold; 0 where nothing asks for any. */
  readonly leastSeconds: number;
  readonly because: readonly string[];
}

/** A random mix reaches the number it needs in 99 of 100 runs. */
const SURE = 2.326;
/** Where nothing has to be decided, a run still has to show something. */
const LEAST_SECONDS = 30;

/**
 * The shortest judged duration that can decide every required threshold at this rate. Each condition needs so many requests of
 * its scope, or so many seconds; the scope gets its share of the requests, by chance a little less, so a little more is asked.
 */
export function quickDuration(asked: {
  readonly ratePerSec: number;
  readonly conditions: readonly Condition[];
  readonly shares: RequestMix['shares'];
  /** Variance ÷ mean of the requests in a journey; 1 (as of independent requests) where unknown. */
  readonly scatter?: number;
}): QuickDuration {
  const { ratePerSec, conditions, shares, scatter = 1 } = asked;
  const plans = needsOf(conditions).map((given) => {
    const need = { ...given, ...throughputNeed(given.comparison, ratePerSec), ...percentileNeed(given.comparison, ratePerSec) };
    const share = shareOf(shares, need.comparison.scope);
    const requests = share === null || share === 0 ? 0 : inAll(need.requests, share, scatter);
    return { need, share, requests, seconds: Math.max(need.seconds, Math.ceil(requests / ratePerSec)) };
  });
  const longest = plans.reduce<(typeof plans)[number] | null>((most, plan) => (most === null || plan.seconds > most.seconds ? plan : most), null);
  if (longest === null) return { seconds: LEAST_SECONDS, requests: 0, leastSeconds: 0, because: [`nothing has to be decided: ${LEAST_SECONDS} s`] };
  const { need, share, requests, seconds } = longest;
  const because = [need.because];
  if (share !== null && share < 1) because.push(`its share is ${Math.round(share * 1000) / 10} % of the requests`);
  if (requests > need.requests) because.push(`${grouped(requests)} requests in all, so that chance leaves it enough in 99 of 100 runs`);
  if (requests > 0) because.push(`${grouped(requests)} ÷ ${Number(ratePerSec.toPrecision(3))}/s = ${Math.ceil(requests / ratePerSec)} s`);
  if (seconds > Math.ceil(requests / ratePerSec)) because.push(`${seconds} s at least`);
  for (const other of plans) {
    if (other.share === null) because.push(`no request of ${formatComparison(other.need.comparison)} is in this scenario: no duration can decide it`);
  }
  return {
    seconds, because,
    requests: Math.max(...plans.map((plan) => Math.ceil(plan.requests))),
    leastSeconds: Math.max(...plans.map((plan) => plan.need.seconds)),
  };
}

/** Arrivals come on schedule, so a count of them scatters less than chance; measured on the shipped plans' mixes it is this part of it. */
const SCATTER_OF_SCHEDULE = 0.37;

/**
 * How many requests tell a rate that was reached from a limit a little below it: those whose own scatter is that little
 * (1.645 standard errors on one side). Nothing more than the least time where the limit is far, or above what is asked for.
 */
function throughputNeed({ metric, op, value, scope, relativeTo }: Comparison, ratePerSec: number): { requests?: number; because?: string } {
  const distance = 1 - value / ratePerSec;
  const isFloor = metric === 'http.throughput' && relativeTo === null && (op === '>' || op === '>=') && Object.keys(scope).length === 0;
  if (!isFloor || !(distance > 0)) return {};
  const requests = Math.ceil(SCATTER_OF_SCHEDULE * (1.645 / distance) ** 2);
  const percent = Number((distance * 100).toPrecision(2));
  return { requests, because: `${formatComparison({ ...EMPTY, metric, op, value: Number(value.toPrecision(3)), unit: '/s' })}: ${grouped(requests)} requests tell a rate from a limit ${percent} % below it, 30 s at least` };
}

/**
 * A p95 that is 10 % off its limit is decided in 95 of 100 runs of this length: the shortest such, found by search in simulated runs
 * whose p95 is twice their median and whose seconds inherit 0.4 of the last (docs/statistics.md). Seconds, for how they resemble each
 * other, and requests, for how they differ.
 */
const [P95_SECONDS, P95_REQUESTS] = [56, 980];

/** Of all requests only: the p95 of a journey that has a tenth of them would take ten times as long, and is only made sure to be bounded. */
function percentileNeed({ metric, scope, relativeTo, forSeconds, inSeconds }: Comparison, ratePerSec: number): { seconds?: number; because?: string } {
  if (metric !== 'http.p95' || relativeTo !== null || Object.keys(scope).length > 0 || forSeconds !== null || inSeconds !== null) return {};
  const seconds = Math.ceil(P95_SECONDS + P95_REQUESTS / ratePerSec);
  return { seconds, because: `http.p95: ${P95_SECONDS} s and ${grouped(P95_REQUESTS)} requests decide one that is 10 % off its limit` };
}

const EMPTY = { aggregate: null, scope: {}, relativeTo: null, forSeconds: null, inSeconds: null } as const;

/**
 * Requests in all so that a share of them is `needed` or more with 99 %. The number scatters twice: by the draw of the journeys
 * (`scatter`) and by which of the requests are of the scope (binomial).
 */
function inAll(needed: number, share: number, scatter: number): number {
  const variance = 1 - share + share * scatter;
  // needed = m − SURE × √(m × variance), solved for m, the expected number in the scope.
  const half = (SURE * Math.sqrt(variance)) / 2;
  return (half + Math.sqrt(half * half + needed)) ** 2 / share;
}
