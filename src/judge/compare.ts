import type { Operator } from '../model/condition.ts';
import type { Figure } from './figure.ts';

/** A limit; relative ones are measured themselves and so have bounds of their own. */
export interface Limit {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Whether a comparison is proven (`true`), refuted (`false`), or neither (`null`) at one-sided 95 %.
 * `== n` and `> 0` can never be refuted by an estimate, nor `<= 0` be proven: who writes them asks whether it was seen in
 * the run, and so they are asked of the observation itself.
 */
export function compare(figure: Figure, op: Operator, limit: Limit, acceptNoise: boolean): boolean | null {
  const asksWhetherSeen = limit.high === 0 && (op === '>' || op === '<=');
  if (op === '==' || asksWhetherSeen) return figure.censored ? comparePoint(figure, op, limit.value) : holds(figure.observed, op, limit.value);
  const proven = compareBounds(figure, op, limit);
  if (proven !== null || !acceptNoise) return proven;
  return comparePoint(figure, op, limit.value);
}

function compareBounds({ observed, low, high }: Figure, op: Operator, limit: Limit): boolean | null {
  const isBelow = op === '<' || op === '<=';
  const [lowest, highest] = [low ?? -Infinity, high ?? Infinity];
  // An exact figure against an exact limit: both ends are the same number, and the operator decides the tie.
  if (lowest === observed && highest === observed && limit.low === limit.high) return holds(observed, op, limit.value);
  if (isBelow) return holds(highest, op, limit.low) ? true : holds(lowest, op, limit.high) ? null : false;
  return holds(lowest, op, limit.high) ? true : holds(highest, op, limit.low) ? null : false;
}

function comparePoint({ observed, censored }: Figure, op: Operator, limit: number): boolean | null {
  const result = holds(observed, op, limit);
  // "10 s or more" says nothing about a limit beyond 10 s.
  if (!censored) return result;
  if (op === '==') return null;
  return op === '<' || op === '<=' ? (result ? null : false) : (result ? true : null);
}

function holds(value: number, op: Operator, limit: number): boolean {
  switch (op) {
    case '<': return value < limit;
    case '<=': return value <= limit;
    case '>': return value > limit;
    case '>=': return value >= limit;
    case '==': return value === limit;
  }
}
