import type { Phase, Plan, Range } from '../model/plan.ts';

interface GivenLoad {
  readonly requestsPerSecond: Range | null;
  readonly concurrentUsers: Range | null;
  readonly operationsPerDay: Range | null;
}

/**
 * The load of a phase: users × requests per user per minute, each at its maximum, or at its minimum where the end is open.
 * What the document gives for the phase itself comes first.
 */
export function derivePhaseLoad(users: Range, load: Plan['load'], given: GivenLoad): Omit<Phase['load'], 'assumes'> {
  const people = largest(users);
  const perUser = largest(load.requestsPerUserPerMinute);
  const requestsPerSecond = given.requestsPerSecond === null ? (people * perUser) / 60 : largest(given.requestsPerSecond);
  return {
    requestsPerSecond,
    concurrentUsers: given.concurrentUsers === null ? shareOf(people, load.peakConcurrentShare) : largest(given.concurrentUsers),
    operationsPerDay: given.operationsPerDay,
    derivation: given.requestsPerSecond === null
      ? `${grouped(people)} users × ${rounded(perUser)} ${perUser === 1 ? 'request' : 'requests'} per user per minute ÷ 60 = ${rounded(requestsPerSecond)} requests/s`
      : `${rounded(requestsPerSecond)} requests/s, as the document gives it`,
  };
}

/** The end of a range that load is made from. */
export function largest(range: Range): number {
  return range.max ?? range.min;
}

function shareOf(people: number, percent: number | null): number | null {
  return percent === null ? null : Math.round((people * percent) / 100);
}

function rounded(value: number): string {
  // Thousands whole, as everywhere: 1,667 is not 1670.
  return value >= 1000 ? grouped(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
