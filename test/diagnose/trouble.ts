import assert from 'node:assert/strict';
import { diagnose } from '../../src/diagnose/diagnose.ts';
import type { Situation } from '../../src/diagnose/rule.ts';
import type { Diagnosis, Verdict } from '../../src/model/report.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { seriesOf, situation } from './situation-builder.ts';
import { WELL, type Courses } from './systems.ts';

const plan = await loadPlan('ventures', { cwd: '/' });
const trusted = { valid: true, invalidReason: null, saturated: false, reasons: [] };

/** A service level that is broken: harm by the plan's own words. */
export const SLOW: Verdict = {
  suite: 'load', status: 'fail', observed: 2600, low: 2500, high: 2700, limit: 500, margin: -4, samples: 900, reason: '2,600 ms',
  condition: plan.slo[0] ?? assert.fail('the plan has service levels'),
};

/** A system in which all is well but what `courses` say, at a quarter of the load and then at all of it. */
export function system(courses: Courses, more: Partial<Situation> = {}): Situation {
  return situation({ ...WELL, ...courses }, { sentPerSec: seriesOf([8.3, 33]), ...more });
}

export function told(seen: Situation, verdicts: readonly Verdict[] = [SLOW]): Diagnosis {
  return diagnose({ situation: seen, plan, verdicts, validity: trusted, users: 340 });
}

export function namedIn({ bottlenecks }: Diagnosis): string[] {
  return bottlenecks.filter(({ status }) => status === 'hit').map(({ id }) => id);
}
