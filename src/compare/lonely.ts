import type { ComparedMetric, ComparedScope, Difference } from '../model/comparison.ts';

type Side = readonly ReadonlyMap<string, { readonly scope: ComparedScope }>[];

/** Traffic that only one side has, as a difference nobody can tell: a journey that is no longer walked must not look as though nothing had changed. */
export function lonelyScopes([base, head]: readonly [Side, Side], wanted: readonly ComparedMetric[]): Difference[] {
  const [before, after] = [scopesOf(base), scopesOf(head)];
  return [...only('base', before, after, wanted), ...only('head', after, before, wanted)];
}

function scopesOf(side: Side): ReadonlyMap<string, ComparedScope> {
  return new Map(side.flatMap((run) => [...run]).map(([key, { scope }]) => [key, scope]));
}

function only(side: 'base' | 'head', mine: ReadonlyMap<string, ComparedScope>, theirs: ReadonlyMap<string, ComparedScope>, wanted: readonly ComparedMetric[]): Difference[] {
  const metric = wanted.find((one) => one === 'http.throughput') ?? wanted[0] ?? 'http.throughput';
  return [...mine].flatMap(([key, scope]) => (theirs.has(key) ? [] : [{
    scope, metric, base: null, head: null, changePercent: null, status: 'cannot-tell', pWorse: null, pBetter: null,
    reason: `only the ${side} has such requests`, need: { runsPerSide: null, timesAsLong: null },
  }]));
}
