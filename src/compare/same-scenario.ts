import { basename } from 'node:path';
import type { RunStep } from '../model/run.ts';

type ScenarioFacts = Pick<RunStep, 'suite' | 'scenario' | 'endpoint' | 'scenarioHash'>;

/** The step of another run that did the same: by what its users do where that is known, else by the name of the file. */
export function twinOf<T extends ScenarioFacts>(step: ScenarioFacts, others: readonly T[]): T | undefined {
  const candidates = others.filter((other) => placeOf(other) === placeOf(step));
  return candidates.find(({ scenarioHash }) => scenarioHash !== undefined && scenarioHash === step.scenarioHash)
    ?? candidates.find(({ scenario }) => basename(scenario) === basename(step.scenario));
}

/** A run with its files called as in another one, where they hold the same under another name. */
export function renamedLike<T extends { readonly steps: readonly ScenarioFacts[] }>(run: T, like: { readonly steps: readonly ScenarioFacts[] }): T {
  const steps = run.steps.map((step) => {
    const twin = twinOf(step, like.steps);
    return twin === undefined || basename(twin.scenario) === basename(step.scenario) ? step : { ...step, scenario: twin.scenario };
  });
  return steps.every((step, at) => step === run.steps[at]) ? run : { ...run, steps };
}

/**
 * What to call the scenario of a step among these runs, oldest first: the same name for the same content, and another, with the beginning
 * of its hash, as soon as the file holds something else. A run from before hashes were kept is taken for the first one after it.
 */
export function nameScenarios(runs: readonly { readonly steps: readonly ScenarioFacts[] }[]): (step: ScenarioFacts) => string {
  const [nameOf, hashesOf] = [new Map<string, string>(), new Map<string, Set<string>>()];
  const fileOf = (step: ScenarioFacts): string => `${placeOf(step)}|${basename(step.scenario)}`;
  for (const step of runs.flatMap(({ steps }) => steps)) {
    if (step.scenarioHash === undefined) continue;
    const known = nameOf.get(`${placeOf(step)}|${step.scenarioHash}`) ?? basename(step.scenario);
    nameOf.set(`${placeOf(step)}|${step.scenarioHash}`, known);
    const key = `${placeOf(step)}|${known}`;
    hashesOf.set(key, (hashesOf.get(key) ?? new Set()).add(step.scenarioHash));
  }
  return (step) => {
    const hash = step.scenarioHash ?? [...hashesOf.get(fileOf(step)) ?? []][0];
    const name = (hash === undefined ? undefined : nameOf.get(`${placeOf(step)}|${hash}`)) ?? basename(step.scenario);
    return hash !== undefined && (hashesOf.get(`${placeOf(step)}|${name}`)?.size ?? 0) > 1 ? `${name} (${hash.slice(0, 6)})` : name;
  };
}

function placeOf({ suite, endpoint }: ScenarioFacts): string {
  return endpoint === null ? suite : `${suite}|${endpoint.journey}|${endpoint.step}`;
}
