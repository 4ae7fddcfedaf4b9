import type { RequestStep, Scenario } from '../model/scenario.ts';
import { requestsOf } from './steps.ts';
import { variablesUsed } from './variables.ts';

/** One thing a server answers, to be measured alone. */
interface Endpoint {
  readonly journey: string;
  readonly step: string;
  /** It needs values that earlier steps of its journey capture: these are its set-up. */
  readonly behindCaptures: boolean;
}

/** Every endpoint of a scenario once: the same method and url under another journey is the same endpoint. */
export function endpointsOf(scenario: Scenario): readonly Endpoint[] {
  const seen = new Set<string>();
  return scenario.journeys.filter((journey) => journey.weight > 0).flatMap((journey) => {
    const captured = new Set<string>();
    return requestsOf(journey.flow).flatMap(({ step }) => {
      const behindCaptures = [...variablesUsed(partsSent(step))].some((name) => captured.has(name));
      for (const capture of step.captures) captured.add(capture.as.split(/[.[]/, 1)[0] ?? '');
      const key = `${step.method} ${step.url}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ journey: journey.name, step: step.name, behindCaptures }];
    });
  });
}

function partsSent(step: RequestStep): unknown {
  return [step.url, step.qs, step.headers, step.cookie, step.body?.value ?? null];
}
