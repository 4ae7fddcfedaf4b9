import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MetricName } from '../../src/model/metrics.ts';
import { ILL, type Courses } from './systems.ts';
import { namedIn, system, told } from './trouble.ts';

/** The pool is short from one second on, searches are slow from another. */
function both(poolFrom: number, searchFrom: number): Courses {
  const from = (courses: Courses, second: number): Courses => Object.fromEntries(Object.entries(courses).map(([metric, course]) => [metric, (at: number): number => {
    const [well, ill] = typeof course === 'object' ? course : [Number(course), Number(course)];
    return at < second ? well : ill;
  }]));
  const searches = { ...ILL['qdrant'], 'qdrant.search_mean': [50, 9500] } as const;
  const { 'http.mean': _, 'http.throughput': __, 'node.request_time': ___, ...search } = searches;
  return { ...from({ ...ILL['db-connections'], 'postgres.connection_errors': [0, 2] }, poolFrom), ...from(search, searchFrom) };
}

describe('two bottlenecks at once', () => {
  it('are both named, the one that began first before the surer one', () => {
    const found = told(system(both(40, 26)));
    assert.deepEqual(namedIn(found), ['qdrant', 'db-connections']);
    const [first, second] = found.bottlenecks;
    assert.ok((first?.onsetSecond ?? 99) < (second?.onsetSecond ?? 0));
    assert.ok((second?.confidence ?? 0) > (first?.confidence ?? 1), 'else this test cannot tell');
    assert.ok(first?.evidence.some(({ text }) => text === 'it began first, 26 s after the start'));
    assert.deepEqual(namedIn(told(system(both(26, 40)))), ['db-connections', 'qdrant']);
  });

  it('are named by confidence where they began within two seconds', () => {
    const found = told(system(both(31, 30)));
    assert.deepEqual(namedIn(found), ['db-connections', 'qdrant']);
    assert.ok(!found.bottlenecks.some(({ evidence }) => evidence.some(({ text }) => text.startsWith('it began first'))));
  });

  it('are named by confidence where one of them is read every fifteen seconds', () => {
    const seen = system(both(50, 22));
    const scraped = { ...seen, series: (metric: MetricName) => {
      const own = seen.series(metric);
      return own && metric.startsWith('qdrant.') ? { values: own.values.map((value, second) => (second % 15 === 0 ? value : Number.NaN)) } : own;
    } };
    assert.deepEqual(namedIn(told(scraped)), ['db-connections', 'qdrant']);
  });
});

describe('the order in which bottlenecks began', () => {
  it('is not claimed of readings that stand for three seconds each: they leave no gaps, and are three seconds apart all the same', () => {
    const seen = system(both(50, 22));
    const held = { ...seen, series: (metric: MetricName) => {
      const own = seen.series(metric);
      return own && metric.startsWith('qdrant.') ? { ...own, values: own.values.map((_, second) => own.values[second - (second % 3)] ?? Number.NaN), spans: own.values.map(() => 3) } : own;
    } };
    const found = told(held);
    assert.deepEqual(namedIn(found), ['db-connections', 'qdrant']);
    assert.ok(!found.bottlenecks.some(({ evidence }) => evidence.some(({ text }) => text.startsWith('it began first'))));
  });
});

describe('the plan beside a bottleneck', () => {
  const [pool] = told(system(ILL['db-connections'] ?? {})).bottlenecks;

  it('says how early its milestone is hit', () => {
    assert.deepEqual([pool?.milestone?.users, pool?.milestone?.hitAtUsers, pool?.milestone?.usersEarly], [500, 340, 160]);
    assert.ok(pool?.milestone?.leadTimeWeeks && pool.milestone.costMonthlyUsd);
  });

  it('is silent where it expects none', () => {
    const [lock] = told(system(ILL['db-lock'] ?? {})).bottlenecks;
    assert.equal(lock?.milestone, null);
    assert.match(lock.remedy, /shorten transactions/);
  });
});
