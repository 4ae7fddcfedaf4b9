import { comparisonsOf, type Condition } from '../model/condition.ts';
import type { Verdict } from '../model/report.ts';
import { sayAddress, sayBounds, sayLimit, sayNumber, sayObserved, sayVerdictLimit } from './words.ts';

/** `http.p95{journey=dashboard} < 500 ms`, with every part of the scope: a name that tells conditions apart. */
export function sayFully(condition: Condition): string {
  const metrics = comparisonsOf(condition).map(({ metric, aggregate, scope }) => {
    const names = Object.entries(scope).map(([key, value]) => `${key}=${value}`);
    return `${metric}${aggregate ? `.${aggregate}` : ''}${names.length > 0 ? `{${names.join(',')}}` : ''}`;
  });
  return `${[...new Set(metrics)].join(' or ')} ${sayLimit(condition)}`;
}

/** `612 ms (590–640), limit < 500 ms, 1,012 samples, §SLA targets, line 379`: what a verdict rests on, in one line. */
export function sayProof(verdict: Verdict): string {
  const observed = sayObserved(verdict);
  return [
    observed === '' ? 'no value' : [observed, sayBounds(verdict)].filter(Boolean).join(' '), `limit ${sayVerdictLimit(verdict)}`,
    ...(verdict.samples > 0 ? [`${sayNumber(verdict.samples)} samples`] : []), sayAddress(verdict),
  ].join(', ');
}
