import type { Journey, Scenario } from '../model/scenario.ts';
import { requestsOf } from './steps.ts';

/**
 * Mean number of requests that one arriving user makes, journeys weighted, loops multiplied: arrivals = requests per second ÷ this.
 * 1 where nothing is known about the flow (a program of artillery's or k6's own).
 */
export function requestsPerArrival(scenario: Scenario): number {
  const weight = total(scenario.journeys, (journey) => journey.weight);
  const requests = total(scenario.journeys, (journey) => journey.weight * requestsIn(journey));
  return requests === 0 ? 1 : requests / weight;
}

/** Share of all requests, 0…1, that a journey makes, or one step of it. */
export function shareOf(scenario: Scenario, journey: string, step?: string): number {
  const all = total(scenario.journeys, (each) => each.weight * requestsIn(each));
  const own = total(scenario.journeys.filter((each) => each.name === journey), (each) => each.weight * requestsIn(each, step));
  return all === 0 ? 0 : own / all;
}

function requestsIn(journey: Journey, step?: string): number {
  return total(requestsOf(journey.flow), (request) => (step === undefined || request.step.name === step ? request.times : 0));
}

function total<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((sum, item) => sum + of(item), 0);
}
