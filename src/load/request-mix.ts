import type { FlowStep, Journey } from '../model/scenario.ts';

/** What the requests of a scenario are made of, by the weights of its journeys. */
export interface RequestMix {
  /** Mean number of requests in a journey. */
  readonly requestsPerArrival: number;
  /** Variance of that number ÷ its mean: how much a random mix of journeys scatters the number of requests. */
  readonly scatter: number;
  /** Share of all requests, 0 … 1, by `journey`, by `journey/step` and by `/step`. */
  readonly shares: Readonly<Record<string, number>>;
}

/** Counts the requests of each journey, loops included, and weighs them. */
export function requestMix(journeys: readonly Journey[]): RequestMix {
  const weights = journeys.reduce((sum, { weight }) => sum + weight, 0);
  const expected = new Map<string, number>();
  const add = (key: string, count: number): void => { expected.set(key, (expected.get(key) ?? 0) + count); };
  let [mean, square] = [0, 0];
  for (const { name, weight, flow } of journeys) {
    const chance = weight / weights;
    const steps = requestsOf(flow);
    mean += chance * steps.length;
    square += chance * steps.length ** 2;
    add(name, chance * steps.length);
    for (const step of steps) {
      add(`${name}/${step}`, chance);
      add(`/${step}`, chance);
    }
  }
  if (!(mean > 0)) return { requestsPerArrival: 0, scatter: 0, shares: {} };
  const shares = Object.fromEntries([...expected].map(([key, count]) => [key, count / mean]));
  return { requestsPerArrival: mean, scatter: Math.max(0, square - mean * mean) / mean, shares };
}

/** Share of all requests that a condition’s scope means; null for one this scenario does not have. */
export function shareOf(shares: RequestMix['shares'], scope: Readonly<Record<string, string>>): number | null {
  const { journey, step } = scope;
  if (journey === undefined && step === undefined) return 1;
  return shares[step === undefined ? (journey ?? '') : `${journey ?? ''}/${step}`] ?? null;
}

/** Names of the requests a flow makes, in order, those of a loop as often as it goes round. */
function requestsOf(flow: readonly FlowStep[]): string[] {
  return flow.flatMap((step) => {
    if (step.type === 'request') return [step.name];
    if (step.type !== 'loop') return [];
    const inside = requestsOf(step.flow);
    return Array.from({ length: step.count }, () => inside).flat();
  });
}
