import { comparisonsOf, type Comparison, type Condition } from '../model/condition.ts';
import { metricOf } from '../model/metrics.ts';
import type { Verdict } from '../model/report.ts';
import type { ProbeKind } from '../model/sample.ts';
import { LOOK_SECONDS } from './look-back.ts';

/** A condition that live probes can decide, and over how many of the last seconds at the least. */
export interface Watched {
  readonly condition: Condition;
  readonly seconds: number;
}

/** What is watched, and what cannot be, with the reason. */
export interface Watchlist {
  readonly watched: readonly Watched[];
  readonly unwatched: readonly { readonly condition: Condition; readonly reason: string }[];
}

/** A tick may come late: of a duration so many more seconds are kept, or it would never be seen whole. */
const SLACK_SECONDS = 2;

/** Conditions that one of these probes can read. What rests on the client's own requests is for `test`: nobody sends any here. */
export function watchlist(conditions: readonly Condition[], probes: readonly ProbeKind[]): Watchlist {
  const watched: Watched[] = [];
  const unwatched: { condition: Condition; reason: string }[] = [];
  for (const condition of conditions) {
    const comparisons = comparisonsOf(condition);
    if (comparisons.some((one) => isReadBy(one, probes))) watched.push({ condition, seconds: Math.max(...comparisons.map(secondsOf)) });
    else unwatched.push({ condition, reason: reasonOf(comparisons) });
  }
  return { watched, unwatched };
}

function isReadBy({ metric, relativeTo }: Comparison, probes: readonly ProbeKind[]): boolean {
  // Without a run there is no reference stage, and no baseline.
  return relativeTo === null && (metricOf(metric)?.from.some((kind) => kind !== 'client' && probes.some((probe) => probe === kind)) ?? false);
}

function secondsOf({ forSeconds, inSeconds }: Comparison): number {
  return forSeconds === null && inSeconds === null ? LOOK_SECONDS : Math.ceil((forSeconds ?? 0) + (inSeconds ?? 0)) + SLACK_SECONDS;
}

function reasonOf(comparisons: readonly Comparison[]): string {
  if (comparisons.some(({ relativeTo }) => relativeTo !== null)) return 'held against another part of a run, which scaleplan test judges';
  const kinds = [...new Set(comparisons.flatMap(({ metric }) => metricOf(metric)?.from ?? []))];
  const probes = kinds.filter((kind) => kind !== 'client');
  if (kinds.includes('client')) return 'measured by the requests of a run, which scaleplan test judges';
  return probes.length === 0 ? 'no probe can read it' : `add --probe ${probes.join(' or ')}=…`;
}

/** 1 something fires, 4 something that a probe should read is not known, 0 all is quiet. */
export function exitCodeOf(verdicts: readonly Verdict[]): 0 | 1 | 4 {
  if (verdicts.some(({ status }) => status === 'fired')) return 1;
  return verdicts.some(({ status }) => status !== 'not-fired') ? 4 : 0;
}
