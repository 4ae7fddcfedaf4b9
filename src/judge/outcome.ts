import type { Comparison } from '../model/condition.ts';
import { metricOf } from '../model/metrics.ts';
import type { Run, RunStep } from '../model/run.ts';
import { clockOf, windowsOf } from '../stats/series.ts';
import { baselineLimit, type Baseline } from './baseline.ts';
import { compare, type Limit } from './compare.ts';
import { isMissing, type Figure, type Measured } from './figure.ts';
import { httpFigure } from './http-figure.ts';
import { probeFigure } from './probe-figure.ts';
import { judgeSpan } from './spans.ts';
import { sayFigure, sayValue } from './words.ts';

/** One comparison against the facts, whatever its condition is for. */
export interface Outcome {
  readonly state: 'holds' | 'breaks' | 'inconclusive' | 'not-measured';
  readonly figure: Figure | null;
  readonly limit: number | null;
  readonly reason: string;
}

/** The facts a comparison is held against. */
export interface Facts {
  readonly run: Run;
  /** Steps whose traffic and time are meant. */
  readonly steps: readonly RunStep[];
  readonly acceptNoise: boolean;
  /** What `baseline` means; null where none was named. */
  readonly baseline: Baseline | null;
}

/** Holds one comparison against the judged seconds of these steps. `must`: a threshold, not a sign (see `judgeSpan`). */
export function judgeComparison(facts: Facts, asked: Comparison, must: boolean): Outcome {
  const limit = limitOf(facts, asked);
  if ('missing' in limit) return { state: limit.missing, figure: null, limit: null, reason: limit.reason };
  if (asked.forSeconds !== null || asked.inSeconds !== null) return judgeOverTime(facts, asked, limit, must);
  const measured = measure(facts, asked, 'judged');
  if (isMissing(measured)) return { state: measured.missing, figure: null, limit: limit.value, reason: measured.reason };
  const holds = compare(measured, asked.op, limit, facts.acceptNoise);
  const unit = unitOf(asked);
  const against = `${asked.op} ${sayValue(limit.value, unit)}${limit.told}`;
  const note = measured.note === '' ? '' : `; ${measured.note}`;
  if (holds === null) {
    return { state: 'inconclusive', figure: measured, limit: limit.value, reason: `${sayFigure(measured, unit)}: ${whyUndecided(measured)} against ${against}${note}` };
  }
  const guessed = facts.acceptNoise && compare(measured, asked.op, limit, false) === null ? '; the estimate decided, noise was accepted' : '';
  return { state: holds ? 'holds' : 'breaks', figure: measured, limit: limit.value, reason: `${sayFigure(measured, unit)} against ${against}${note}${guessed}` };
}

function judgeOverTime(facts: Facts, asked: Comparison, limit: Limit, must: boolean): Outcome {
  const row = metricOf(asked.metric);
  if (row === undefined || row.form === 'fact') {
    const measured = probeFigure(facts.run, asked, []);
    return { state: 'not-measured', figure: null, limit: limit.value, reason: isMissing(measured) ? measured.reason : '' };
  }
  const clock = clockOf(facts.run);
  const windows = facts.steps.flatMap((step) => windowsOf(clock, step, 'judged'));
  if (windows.length === 0) return { state: 'inconclusive', figure: null, limit: limit.value, reason: 'no second of load was judged: the run ended before' };
  const { holds, figure, reason, measured } = judgeSpan(facts.run, facts.steps, asked, windows, limit, must);
  if (!measured) return { state: 'not-measured', figure: null, limit: limit.value, reason };
  return { state: holds === null ? 'inconclusive' : holds ? 'holds' : 'breaks', figure, limit: limit.value, reason };
}

function measure(facts: Facts, asked: Comparison, wanted: 'judged' | 'reference'): Measured {
  if (asked.metric.startsWith('http.')) return httpFigure(facts.steps, asked.metric, asked.scope, wanted);
  const clock = clockOf(facts.run);
  return probeFigure(facts.run, asked, facts.steps.flatMap((step) => windowsOf(clock, step, wanted)));
}

/** The limit in figures. One that is relative to the reference stage is as uncertain as that stage was short. */
function limitOf(facts: Facts, asked: Comparison): (Limit & { readonly told: string }) | { missing: 'inconclusive' | 'not-measured'; reason: string } {
  const { value, relativeTo } = asked;
  if (relativeTo === null) return { value, low: value, high: value, told: '' };
  if (relativeTo === 'baseline') return baselineLimit(facts.baseline, facts.steps, asked, (run, steps) => measure({ ...facts, run, steps }, asked, 'judged'));
  const hasReference = facts.steps.some((step) => step.shape.stages.some((stage) => stage.name === 'reference'));
  if (!hasReference && facts.steps.length > 0) return { missing: 'inconclusive', reason: 'this load has no reference stage to compare with' };
  const base = measure(facts, asked, 'reference');
  if (isMissing(base)) return { missing: base.missing, reason: base.missing === 'not-measured' ? base.reason : `reference: ${base.reason}` };
  const told = ` (${value} × ${sayFigure(base, metricOf(asked.metric)?.unit ?? '1')} in the reference stage)`;
  return { value: value * base.observed, low: value * (base.low ?? 0), high: base.high === null ? Infinity : value * base.high, told };
}

/** Relative limits are factors; what they are compared with has the metric’s unit. */
function unitOf(asked: Comparison): Comparison['unit'] {
  return asked.relativeTo === null ? asked.unit : (metricOf(asked.metric)?.unit ?? asked.unit);
}

function whyUndecided({ low, high, censored }: Figure): string {
  if (censored) return 'what timed out may have taken any time, no verdict';
  if (low === null || high === null) return 'too few seconds or values to bound it';
  return 'the limit lies between the bounds, too little to decide';
}
