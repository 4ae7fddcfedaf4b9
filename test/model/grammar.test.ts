import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Comparison } from '../../src/model/condition.ts';
import { formatCondition } from '../../src/model/format.ts';
import { parseCondition } from '../../src/model/grammar.ts';
import { METRICS, WRITABLE_METRICS } from '../../src/model/metrics.ts';

const plain = { aggregate: null, scope: {}, relativeTo: null, forSeconds: null, inSeconds: null } as const;

const good: readonly [text: string, ...expected: Comparison[]][] = [
  ['http.p95{journey=dashboard} < 500 ms', { ...plain, metric: 'http.p95', scope: { journey: 'dashboard' }, op: '<', value: 500, unit: 'ms' }],
  ['http.error_rate < 0.1 %', { ...plain, metric: 'http.error_rate', op: '<', value: 0.1, unit: '%' }],
  ['queue.depth.avg < 50', { ...plain, metric: 'queue.depth', aggregate: 'avg', op: '<', value: 50, unit: '1' }],
  ['host.cpu > 70 % for 15 min', { ...plain, metric: 'host.cpu', op: '>', value: 70, unit: '%', forSeconds: 900 }],
  ['queue.worker_failures > 10 in 1 min', { ...plain, metric: 'queue.worker_failures', op: '>', value: 10, unit: '1', inSeconds: 60 }],
  ['http.p95 > 3 x reference', { ...plain, metric: 'http.p95', op: '>', value: 3, relativeTo: 'reference', unit: '1' }],
  ['http.p95 < baseline + 10 %', { ...plain, metric: 'http.p95', op: '<', value: 1.1, relativeTo: 'baseline', unit: '1' }],
  ['http.throughput > baseline - 5 %', { ...plain, metric: 'http.throughput', op: '>', value: 0.95, relativeTo: 'baseline', unit: '1' }],
  ['host.cpu > 70 % or host.memory > 80 %',
    { ...plain, metric: 'host.cpu', op: '>', value: 70, unit: '%' }, { ...plain, metric: 'host.memory', op: '>', value: 80, unit: '%' }],
  ['http.p95{journey=a, step="GET /x?a=1,2 \\"}\\""}<=1.5s',
    { ...plain, metric: 'http.p95', scope: { journey: 'a', step: 'GET /x?a=1,2 "}"' }, op: '<=', value: 1500, unit: 'ms' }],
  ['http.p95{step=GET /api/dashboard} < 2 min', { ...plain, metric: 'http.p95', scope: { step: 'GET /api/dashboard' }, op: '<', value: 120_000, unit: 'ms' }],
  ['http.throughput > 100 req/sec', { ...plain, metric: 'http.throughput', op: '>', value: 100, unit: '/s' }],
  ['queue.processing_rate > 120 mentions / minute', { ...plain, metric: 'queue.processing_rate', op: '>', value: 2, unit: '/s' }],
  ['postgres.connection_errors == 0', { ...plain, metric: 'postgres.connection_errors', op: '==', value: 0, unit: '/s' }],
  ['qdrant.memory > 8GB', { ...plain, metric: 'qdrant.memory', op: '>', value: 8e9, unit: 'B' }],
  ['redis.memory >= 1 GiB', { ...plain, metric: 'redis.memory', op: '>=', value: 1_073_741_824, unit: 'B' }],
  ['users.total > 10,000 users', { ...plain, metric: 'users.total', op: '>', value: 10_000, unit: '1' }],
  ['cost.per_user < $5', { ...plain, metric: 'cost.per_user', op: '<', value: 5, unit: 'USD' }],
  ['node.cpu > 160 % for 2 h in 1 d', { ...plain, metric: 'node.cpu', op: '>', value: 160, unit: '%', forSeconds: 7200, inSeconds: 86_400 }],
  ['custom.open_carts.max{shop=eu} < -3.5', { ...plain, metric: 'custom.open_carts', aggregate: 'max', scope: { shop: 'eu' }, op: '<', value: -3.5, unit: '1' }],
  ['queue.depth.max > 50 in 1 min', { ...plain, metric: 'queue.depth', aggregate: 'max', op: '>', value: 50, unit: '1', inSeconds: 60 }],
  ['queue.depth.avg > 50 in 1 min for 5 min', { ...plain, metric: 'queue.depth', aggregate: 'avg', op: '>', value: 50, unit: '1', inSeconds: 60, forSeconds: 300 }],
  ['queue.worker_failures.max > 2 /s in 1 min', { ...plain, metric: 'queue.worker_failures', aggregate: 'max', op: '>', value: 2, unit: '/s', inSeconds: 60 }],
  ['http.p95 <= baseline', { ...plain, metric: 'http.p95', op: '<=', value: 1, relativeTo: 'baseline', unit: '1' }],
];

for (const [text, ...expected] of good) {
  test(`reads: ${text}`, () => {
    assert.deepEqual(parseCondition(text), { ok: true, comparisons: expected });
  });
}

const bad: readonly [text: string, column: number, message: RegExp][] = [
  ['', 1, /expected a metric.*got the end/],
  ['< 5 ms', 1, /expected a metric.*got "<"/],
  ['http.p59 < 5 ms', 1, /unknown metric "http\.p59"; did you mean "http\.p5/],
  ['htp.p95 < 5 ms', 1, /did you mean "http\.p95"/],
  ['redis.hits > 3 /s', 1, /diagnosis only/],
  ['host.cpu.mean > 3 %', 1, /unknown aggregate "mean".*avg, max, min or p95/],
  ['http.p95.avg < 3 ms', 9, /takes no \.avg/],
  ['queue.depth.max > 50 for 5 min', 22, /nothing for \.max to fold; leave \.max out, or write "in"/],
  ['queue.worker_failures.max > 10 in 1 min', 29, /needs a unit/],
  ['http.p95{jurney=a} < 3 ms', 10, /unknown key "jurney" of http\.p95; expected journey or step/],
  ['users.total{journey=a} > 3', 13, /has no parts/],
  ['http.p95{journey=a,journey=b} < 3 ms', 20, /second time/],
  ['http.p95{journey=} < 3 ms', 18, /expected a value of journey/],
  ['http.p95{journey a} < 3 ms', 18, /expected "=" after journey/],
  ['http.p95{journey=a < 3 ms', 26, /expected "," or "}"/],
  ['http.p95 = 3 ms', 10, /expected one of < <= > >= ==, got "="; did you mean "=="/],
  ['http.p95 ≤ 3 ms', 10, /did you mean "<="/],
  ['http.p95 3 ms', 10, /expected one of < <= > >= ==, got "3"/],
  ['http.p95 <', 11, /expected a number.*got the end/],
  ['http.p95 < fast', 12, /expected a number.*got "fast"/],
  ['http.p95 < 500', 12, /needs a unit: a time/],
  ['http.p95 < 500 MB', 16, /"MB" does not fit http\.p95; expected a time/],
  ['http.p95 < 500 mss', 16, /unknown unit "mss"; did you mean "ms"/],
  ['qdrant.memory > 8 gb', 19, /unknown unit "gb"; did you mean "GB"/],
  ['queue.worker_failures > 10', 25, /needs a unit: a rate.*or a count with "in"/],
  ['queue.worker_failures > 10 /s in 1 min', 28, /is counted: write a number of events/],
  ['redis.hit_ratio < 160 %', 19, /never exceeds 100 %/],
  ['http.error_rate < -1 %', 19, /never negative/],
  ['http.p95 < -3 ms', 12, /never negative/],
  ['http.p95 > 0 x reference', 12, /multiple above 0/],
  ['http.p95 < baseline - 100 %', 12, /multiple above 0/],
  ['http.p95 > 3 x', 15, /expected reference or baseline/],
  ['http.p95 > 3 x refrence', 16, /expected reference or baseline, got "refrence"/],
  ['http.p95 < baseline + 10', 25, /expected %/],
  ['http.p95 < 1e999 ms', 12, /too large/],
  ['custom.carts > 3 ms', 18, /as its query gives it/],
  ['http.p95 < 3 ms for', 20, /expected a duration/],
  ['http.p95 < 3 ms for 5', 22, /expected a unit of time/],
  ['http.p95 < 3 ms for 5 %', 23, /expected a unit of time.*got "%"/],
  ['http.p95 < 3 ms for 0 s', 21, /longer than nothing/],
  ['http.p95 < 3 ms for 1 s for 2 s', 25, /"for" stands here a second time/],
  ['http.p95 < 3 ms and http.p99 < 4 ms', 17, /expected "or", "for", "in" or the end, got "and"/],
  ['http.p95 < 3 ms or', 19, /expected a metric.*got the end/],
  ['http.p95 < 3 ms or http.p98 < 4 ms', 20, /unknown metric/],
];

for (const [text, column, message] of bad) {
  test(`refuses at column ${column}: ${text}`, () => {
    const parsed = parseCondition(text);
    assert.equal(parsed.ok, false);
    if (parsed.ok) return;
    assert.match(parsed.problem.message, message);
    assert.equal(parsed.problem.column, column);
  });
}

test('what is written out reads back as the same comparisons, whatever they hold', () => {
  const random = randomNumbers(20_260_101);
  for (let round = 0; round < 3000; round += 1) {
    const comparisons = Array.from({ length: 1 + random.below(3) }, () => anyComparison(random));
    const text = formatCondition(comparisons);
    assert.deepEqual(parseCondition(text), { ok: true, comparisons }, text);
  }
});

test('every writable metric can stand in a condition, and no other', () => {
  for (const [name, metric] of METRICS) {
    const unit = { ms: 'ms', '%': '%', '/s': '/s', B: 'MB', '1': '', USD: '$' }[metric.unit];
    assert.equal(parseCondition(`${name} < 1 ${unit}`).ok, metric.writable, name);
  }
});

test('no text whatever makes the parser throw, and a fault always stands inside the text or right behind it', () => {
  const random = randomNumbers(7);
  const pieces = ['http.p95', 'custom.', '.avg', '{', '}', '=', 'journey', '"', '\\', '<', '>=', '1', '-', ',', '.', 'e9', ' ', '%', '$', 'ms', '/', 'x', 'reference', 'baseline', '+', 'for', 'in', 'or', '\n', 'é', '@'];
  for (let round = 0; round < 3000; round += 1) {
    const text = Array.from({ length: random.below(14) }, () => random.of(pieces)).join('');
    const parsed = parseCondition(text);
    if (!parsed.ok) assert.ok(parsed.problem.column >= 1 && parsed.problem.column <= text.length + 1, text);
  }
});

interface Random {
  below(limit: number): number;
  of<T>(list: readonly T[]): T;
}

/** The same numbers in every run: a failure can be looked at again. */
function randomNumbers(seed: number): Random {
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return {
    below,
    of: (list) => {
      const found = list[below(list.length)];
      assert.ok(found !== undefined);
      return found;
    },
  };
}

const OPERATORS = ['<', '<=', '>', '>=', '=='] as const;
const AGGREGATES = ['avg', 'max', 'min', 'p95', null] as const;
const SCOPE_VALUES = ['dashboard', 'GET /a?b=c', 'with "quotes"', 'a,b', ' padded ', '{braces}', 'back\\slash', 'ü'];

function anyComparison(random: Random): Comparison {
  const name = random.of([...WRITABLE_METRICS, 'custom.a_b']);
  const metric = METRICS.get(name);
  const isSeries = metric === undefined || metric.form === 'gauge' || metric.form === 'rate';
  const scope = Object.fromEntries((metric?.scopes ?? ['label']).filter(() => random.below(2) === 0).map((key) => [key, random.of(SCOPE_VALUES)]));
  const inSeconds = random.below(3) === 0 ? random.of([0.5, 1, 60, 90, 3600, 86_400]) : null;
  const isRelative = random.below(3) === 0;
  const most = metric?.most ?? 1e12;
  const value = random.of([random.below(100), random.below(1000) / 10, random.below(1e9) / 1e7, random.below(1e6) / 3, 1 / (1 + random.below(1e9))]);
  const aggregate = isSeries ? (AGGREGATES[random.below(AGGREGATES.length)] ?? null) : null;
  const unit = isRelative || (metric?.form === 'rate' && inSeconds !== null && aggregate === null) ? '1' : (metric?.unit ?? '1');
  return {
    // A name out of the registry.
    metric: name as Comparison['metric'], aggregate, scope, op: random.of(OPERATORS),
    value: isRelative ? Math.max(value, 0.001) : Math.min(value, most), relativeTo: isRelative ? random.of(['reference', 'baseline'] as const) : null,
    unit, forSeconds: random.below(3) === 0 && (aggregate === null || inSeconds !== null) ? random.of([1, 15, 60, 7.5, 900]) : null, inSeconds,
  };
}
