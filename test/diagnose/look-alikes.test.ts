import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Series } from '../../src/stats/series.ts';
import type { MetricName } from '../../src/model/metrics.ts';
import { ILL, LOOK_ALIKES, WELL, type Courses } from './systems.ts';
import { namedIn, system, told } from './trouble.ts';
import { JUDGED, REFERENCE, SECONDS, seriesOf, type Course } from './situation-builder.ts';

describe('each bottleneck is named alone', () => {
  for (const [id, courses] of Object.entries(ILL)) {
    it(`${id}, from the first judged second`, () => assert.deepEqual(namedIn(told(system(courses))), [id]));
    it(`${id}, creeping up over half of the run`, () => assert.deepEqual(namedIn(told(system(creeping(courses)))), [id]));
    it(`${id}, in the last fifteen seconds only`, () => {
      const found = told(system(late(courses, 65)));
      assert.deepEqual(namedIn(found), [id]);
      const [first] = found.bottlenecks;
      assert.ok(first?.seconds === null || (first?.seconds.from ?? 0) >= 50, JSON.stringify(first?.seconds));
    });
    it(`${id}, without a better time to compare with`, () => assert.deepEqual(namedIn(told(system(fromTheStart(courses), { reference: null }))), [id]));
    it(`${id}, with its pages read every other second, and held`, () => assert.deepEqual(namedIn(told(held(courses, 2))), [id]));
    it(`${id}, with its pages read every other second, and gaps between`, () => assert.deepEqual(namedIn(told(scraped(courses, 2, PAGES))), [id]));
    it(`${id}, scraped every five seconds`, () => assert.deepEqual(namedIn(told(scraped(courses, 5))), [id]));
  }
});

describe('look-alikes are told apart', () => {
  for (const { what, courses, named } of LOOK_ALIKES) {
    it(`${what}: ${named.join() || 'nothing is named'}`, () => assert.deepEqual(namedIn(told(system(courses))), named));
  }
});

describe('without the application’s own metrics', () => {
  const own = (metric: string): boolean => /^(node|cache|files|queue)\.|^postgres\.(pool_|connection_errors|query_time)/.test(metric);
  const server = (courses: Courses): Courses => Object.fromEntries(Object.entries({ ...WELL, ...courses }).map(([metric, course]) => [metric, own(metric) ? (): number => Number.NaN : course]));
  for (const [id, named] of [['db-query', ['db-query']], ['db-lock', ['db-lock']], ['qdrant', ['qdrant']], ['cache', ['cache']], ['replica-lag', ['replica-lag']]] as const) {
    it(`${id} is named by its server`, () => assert.deepEqual(namedIn(told(system(server(ILL[id] ?? {})))), named));
  }
  it('db-connections is a suspicion: the server’s statements never move', () => {
    const found = told(system(server(ILL['db-connections'] ?? {})));
    assert.deepEqual([found.outcome, found.bottlenecks.map(({ id, confidence }) => [id, confidence])], ['not-enough-evidence', [['db-connections', 0.5]]]);
  });
  for (const id of ['node-cpu', 'event-loop-blocked', 'network'] as const) {
    it(`${id} is not guessed, nor anything else in its place`, () => {
      const found = told(system(server(ILL[id] ?? {})));
      assert.deepEqual([found.outcome, namedIn(found)], ['not-enough-evidence', []]);
      assert.ok(found.unknown.some((one) => one.id === id && one.missing.includes('--probe')) || found.bottlenecks.some((one) => one.id === id), id);
    });
  }
});

/** From what it is at a quarter of the load to what it is at its worst, over the first half of the judged part. */
function creeping(courses: Courses): Courses {
  return mapped(courses, (course) => (typeof course !== 'object' ? course : (second) => {
    const share = Math.min(1, Math.max(0, (second - JUDGED[0]) / 30));
    return course[0] + share * (course[1] - course[0]);
  }));
}

function late(courses: Courses, from: number): Courses {
  return Object.fromEntries(Object.entries(courses).map(([metric, course]) => {
    const well = seriesOf(WELL[metric as MetricName] ?? 0).values;
    const at = seriesOf(course).values;
    // What grows begins to grow then.
    const shift = typeof course === 'function' ? from - JUDGED[0] : 0;
    return [metric, (second: number): number => (second < from ? (well[second] ?? 0) : (at[second - shift] ?? 0))];
  }));
}

function fromTheStart(courses: Courses): Courses {
  return mapped(courses, (course) => (typeof course === 'object' ? course[1] : course));
}

function mapped(courses: Courses, change: (course: Course) => Course): Courses {
  return Object.fromEntries(Object.entries(courses).map(([metric, course = 0]) => [metric, change(course)]));
}

/** What a probe reads less often than once a second where it costs the server too much. */
const PAGES = /^(node|cache|files|qdrant|queue)\.|^postgres\.(pool_|query_time|connections|slots|commits|deadlocks)/;

/** The same, read every so many seconds. What the client saw it saw every second. */
function scraped(courses: Courses, every: number, which = /./) {
  return reread(courses, which, (values) => values.map((value, second) => (second % every === 0 ? value : Number.NaN)));
}

/** The same; a reading stands for the seconds until the next. */
function held(courses: Courses, every: number) {
  return reread(courses, PAGES, (values) => values.map((_, second) => values[second - (second % every)] ?? Number.NaN));
}

function reread(courses: Courses, which: RegExp, change: (values: Float64Array) => Float64Array) {
  const seen = system(courses);
  const changed = (series: Series | null): Series | null => series && { values: change(series.values) };
  assert.ok(SECONDS > REFERENCE[1]);
  return { ...seen, series: (metric: MetricName, instance?: string) => (metric.startsWith('http.') || !which.test(metric) ? seen.series(metric, instance) : changed(seen.series(metric, instance))) };
}
