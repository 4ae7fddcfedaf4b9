import type { RequestStep, Scenario } from '../model/scenario.ts';
import { requestsOf } from './steps.ts';

/**
 * Whole addresses that a scenario requests in place of paths at the target, each host once: they must be allowed as a target must.
 * Addresses made of templates are not known before the run.
 */
export function addressesOf(scenario: Scenario): readonly { readonly url: string; readonly place: RequestStep['place'] }[] {
  const found = new Map<string, { readonly url: string; readonly place: RequestStep['place'] }>();
  for (const flow of [scenario.before, ...scenario.journeys.map((journey) => journey.flow)]) {
    for (const { step } of requestsOf(flow)) {
      const origin = /^https?:\/\/[^/?#{]+/i.exec(step.url)?.[0];
      if (origin !== undefined && !found.has(origin)) found.set(origin, { url: origin, place: step.place });
    }
  }
  return [...found.values()];
}
