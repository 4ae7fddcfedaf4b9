import type { Finding, Situation } from '../../src/diagnose/rule.ts';
import { confidenceOf, GRADES, NAMED_FROM } from '../../src/diagnose/score.ts';
import type { MetricName } from '../../src/model/metrics.ts';
import type { Series } from '../../src/stats/series.ts';

/** 20 s of reference, 60 s judged. */
export const SECONDS = 80;
export const REFERENCE = [0, 20] as const;
export const JUDGED = [20, 80] as const;

/** A figure for the whole run, or one for the reference and one for the judged part, or one for every second. */
export type Course = number | readonly [reference: number, judged: number] | ((second: number) => number);

/** A situation from a few courses; every metric not named was never read. */
export function situation(courses: Partial<Record<MetricName, Course>>, more: Partial<Situation> = {}): Situation {
  const series = new Map(Object.entries(courses).map(([metric, course]) => [metric, seriesOf(course)]));
  return {
    series: (metric, instance) => series.get(instance === undefined ? metric : `${metric} ${instance}`) ?? series.get(metric) ?? null,
    instances: () => [],
    sentPerSec: null,
    client: null,
    reference: REFERENCE,
    judged: JUDGED,
    whole: more.judged ?? JUDGED,
    isPlannedLoad: true,
    cores: 2,
    ...more,
  };
}

export function seriesOf(course: Course | undefined): Series {
  const at = typeof course === 'function' ? course : (second: number) => (typeof course === 'number' ? course : (course?.[second < REFERENCE[1] ? 0 : 1] ?? Number.NaN));
  return { values: Float64Array.from({ length: SECONDS }, (_, second) => at(second)) };
}

export function textsOf(finding: Finding, isFor: boolean): string {
  return finding.status === 'judged' ? finding.evidence.filter((one) => one.for === isFor).map((one) => one.text).join(' · ') : '';
}

export function isNamed(finding: Finding): boolean {
  return confidenceOf(finding) >= NAMED_FROM;
}

/** By an error with one cause, or a law: as sure as a finding can be that stands all the time. */
export function isConfirmed(finding: Finding): boolean {
  return isNamed(finding) && confidenceOf(finding, true) === GRADES.confirmed;
}

export { confidenceOf };
