import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import type { Screen } from '../../src/cli/host.ts';
import type { ProgressStep } from '../../src/cli/live-view.ts';
import { createProgress, type Progress } from '../../src/cli/progress.ts';
import type { Sample } from '../../src/model/sample.ts';
import { widthOf } from '../../src/reporters/layout.ts';
import { condition, interval, openShape, times } from '../judge/facts.ts';
import { FakeTerminal } from './fake-terminal.ts';

const CONDITIONS = ['http.p95{journey=dashboard} < 500 ms', 'http.error_rate < 0.1 %', 'redis.hit_ratio > 60 %', 'http.p95 > 3 x reference'].map((text) => condition(text));
const STEP: ProgressStep = { label: 'load', shape: openShape(60), timeoutMs: 10_000, conditions: CONDITIONS, requestsPerArrival: 2 };
const second = (at: number, { errors = 0, ms = 20 } = {}) => interval(at, [{ latenciesMs: times(33, (n) => ms + n), errors: errors > 0 ? { 'http-5xx': errors } : {} }]);
const reading = (metric: Sample['metric'], value: number, at: number): Sample => ({ atMs: at * 1000, probe: metric.startsWith('redis') ? 'redis' : 'node', metric, value });

function pipe(): Screen & { readonly written: string[] } {
  const written: string[] = [];
  return { written, write: (text) => void written.push(text), isTerminal: false, columns: () => 80, chalk: new Chalk({ level: 0 }) };
}

function play(progress: Progress, { seconds = 30, step = STEP, total = 1, errorsAt = -1, ms = 20 } = {}): void {
  progress.begin(step, 0, total);
  for (let at = 0; at < seconds; at += 1) progress.tick(second(at, { errors: at === errorsAt ? 3 : 0, ms }));
}

test('on a terminal of 80 x 24 a block renews itself in place: stage, time left, rate, p95 against its limit, errors, risk', () => {
  const terminal = new FakeTerminal(80, 24);
  const progress = createProgress(terminal.screen, false);
  progress.say('Starting PostgreSQL');
  play(progress, { total: 3 });
  const [above, head = '', bar = '', rate = '', p95 = '', errors = '', ...rest] = terminal.text.split('\n');
  assert.equal(above, 'Starting PostgreSQL');
  assert.match(head, /^load · 1 of 3 +sustain$/);
  assert.match(bar, /^━{25,}─{25,} 0:30 of 1:00, 0:30 left$/);
  assert.match(rate, /^ {2}rate +33\/s of [\d.]+\/s asked +[▁-█]+$/);
  assert.match(p95, /^ {2}p95 +5\d(\.\d)? ms · dashboard 5\d(\.\d)? ms, limit 500 ms +[▁-█]+$/);
  assert.match(errors, /^ {2}errors +none in 990 requests$/);
  assert.match(rest.join('\n'), /servers +nothing is read: --probe names a server[\s\S]*at risk +none: 2 of 4 thresholds seen, all clear of their limits/);
  progress.end();
  assert.equal(terminal.text, 'Starting PostgreSQL', 'the block is gone when the load has ended');
});

test('a message longer than a line is broken between its words, on a terminal alone', () => {
  const message = `warning ${'http.error_rate '.repeat(8).trim()}`;
  const terminal = new FakeTerminal(40, 24);
  createProgress(terminal.screen, false).say(message);
  assert.equal(terminal.text, 'warning http.error_rate http.error_rate\nhttp.error_rate http.error_rate\nhttp.error_rate http.error_rate\nhttp.error_rate http.error_rate');
  const plain = pipe();
  createProgress(plain, false).say(message);
  assert.deepEqual(plain.written, [`${message}\n`]);
});

test('a threshold that is near its limit or beyond it is named with its figure, the worst first', () => {
  const terminal = new FakeTerminal(100, 24);
  const progress = createProgress(terminal.screen, false);
  for (let at = 0; at < 5; at += 1) for (const [metric, value] of [['redis.hits', 30], ['redis.misses', 70]] as const) progress.read(reading(metric, value, at));
  play(progress, { seconds: 15, ms: 420 });
  assert.match(terminal.text, /at risk +✗ redis\.hit_ratio > 60 %: 30 % · ! http\.p95\{journey=dashboard\} < 500 ms: 45\d ms/);
});

test('the servers’ signs stand in one order and renew themselves', () => {
  const terminal = new FakeTerminal(80, 24);
  const progress = createProgress(terminal.screen, false);
  progress.begin(STEP, 0, 1);
  for (let at = 0; at < 40; at += 1) {
    for (const [metric, value] of [['node.event_loop_lag', 5], ['postgres.pool_waiting', at < 20 ? 0 : 45], ['postgres.pool_acquire_time', 465]] as const) progress.read(reading(metric, value, at));
    progress.tick(second(at));
    if (at === 15) assert.match(terminal.text, /servers +pool waiting 0 · acquire 465 ms · loop lag 5 ms/);
  }
  assert.match(terminal.text, /servers +pool waiting 45 · acquire 465 ms · loop lag 5 ms/);
});

test('steady: the block keeps its height whatever happens, and nothing above it is lost, on a full screen too', () => {
  const terminal = new FakeTerminal(80, 24);
  for (let at = 0; at < 60; at += 1) terminal.write(`line ${at}\n`);
  const progress = createProgress(terminal.screen, false);
  progress.begin(STEP, 0, 2);
  const heights = new Set<number>();
  for (let at = 0; at < 40; at += 1) {
    progress.tick(second(at, { errors: at % 7 === 0 ? 2 : 0, ms: at * 30 }));
    if (at === 20) progress.say('Probe redis lost');
    else heights.add(terminal.lines.length);
  }
  assert.ok(heights.size <= 2, 'one height before the message, one after it');
  progress.begin(STEP, 1, 2);
  progress.tick(second(0));
  progress.end();
  assert.equal(terminal.text, [...Array.from({ length: 60 }, (_, at) => `line ${at}`), 'Probe redis lost'].join('\n'));
});

test('trap: after a change of the window’s size nobody knows where the block is; a new one begins below it and nothing is overwritten', () => {
  const terminal = new FakeTerminal(80, 24);
  const progress = createProgress(terminal.screen, false);
  progress.say('before');
  play(progress, { seconds: 5 });
  terminal.columns = 60;
  progress.tick(second(5));
  progress.tick(second(6));
  assert.match(terminal.text, /^before\nload +sustain\n[\s\S]*0:05 of 1:00[\s\S]*\nload +sustain\n[\s\S]*0:07 of 1:00/);
  assert.equal(terminal.text.match(/of 1:00/g)?.length, 2, 'the new block renews itself in place again');
});

test('no line is as wide as the terminal, whatever the step and its thresholds are called', () => {
  for (const columns of [10, 20, 49, 50, 80, 200]) {
    for (const label of ['unit GET /api/contents/{{ contentId }} and a very long name', '工作负载测试场景名称很长'.repeat(4), 'l\u001b[2J\nm']) {
      const terminal = new FakeTerminal(columns, 24);
      const conditions = [{ ...condition('http.p95 < 20 ms'), scope: { journey: label } }, condition('http.p99 < 20 ms'), condition('http.max < 20 ms'), condition('http.p50 < 20 ms'), condition('http.mean < 20 ms')];
      play(createProgress(terminal.screen, false), { seconds: 12, step: { ...STEP, label, conditions }, total: 8, errorsAt: 3 });
      for (const line of terminal.lines) assert.ok(widthOf(line) < columns, `${columns}: ${line}`);
    }
  }
});

test('a terminal too small for the block has one line that renews itself', () => {
  for (const [columns, rows] of [[49, 24], [80, 9]] as const) {
    const terminal = new FakeTerminal(columns, rows);
    const progress = createProgress(terminal.screen, false);
    play(progress);
    assert.match(terminal.text, /^load · 0:30 \(0:30 left\) · 33\.0\/s · p95 5\d ms/);
    assert.equal(terminal.lines.length, 1);
    progress.end();
    assert.equal(terminal.text, '');
  }
});

test('in a pipe a plain line every ten seconds, without a single control character', () => {
  const plain = pipe();
  play(createProgress(plain, false), { total: 8, errorsAt: 14 });
  assert.deepEqual(plain.written.map((text) => text.split(' · ')[1]), ['0:10 (0:50 left)', '0:20 (0:40 left)', '0:30 (0:30 left)']);
  // oxlint-disable-next-line no-control-regex -- that is what must not be there
  assert.doesNotMatch(plain.written.join(''), /[\u0000-\u0009\u000b-\u001f]/);
  assert.match(plain.written[1] ?? '', /^\[1\/8\] load · .* · 3 errors · /);
  assert.match(plain.written[2] ?? '', / · no errors · /, 'the figures look back ten seconds, not to the beginning');
});

test('--quiet says nothing at all, messages included', () => {
  const terminal = new FakeTerminal(80, 24);
  const progress = createProgress(terminal.screen, true);
  progress.say('Starting PostgreSQL');
  play(progress);
  assert.deepEqual(terminal.written, []);
});

test('before anything was answered there is no p95 rather than one of 0, and time-outs make it "at least"', () => {
  const terminal = new FakeTerminal(80, 24);
  const progress = createProgress(terminal.screen, false);
  progress.begin({ ...STEP, conditions: [] }, 0, 1);
  progress.tick(interval(0, []));
  assert.match(terminal.text, / {2}p95 +–\n {2}errors +none in 0 requests/);
  progress.tick(interval(1, [{ latenciesMs: [5], errors: { timeout: 9 } }]));
  assert.match(terminal.text, / {2}p95 +≥ 10 s .*\n {2}errors +9 in 10 requests \(90 %\) · now timeout/);
});

test('a closed step that may end early says at most how long', () => {
  const shape = { model: 'closed', stages: [{ name: 'sustain', judged: true, durationSeconds: 60, users: 4, enough: { requests: 4742, minimumSeconds: 10 } }] } as const;
  const plain = pipe();
  play(createProgress(plain, false), { seconds: 10, step: { ...STEP, shape } });
  assert.match(plain.written[0] ?? '', /0:10 \(≤ 0:50 left\)/);
  const terminal = new FakeTerminal(80, 24);
  play(createProgress(terminal.screen, false), { seconds: 10, step: { ...STEP, shape } });
  assert.match(terminal.text, /0:10 of 1:00, at most 0:50 left/);
});

test('a second of the view costs the generator’s machine little', () => {
  const terminal = new FakeTerminal(80, 24);
  const progress = createProgress({ ...terminal.screen, write: () => {} }, false);
  progress.begin({ ...STEP, shape: openShape(400) }, 0, 1);
  const started = performance.now();
  for (let at = 0; at < 200; at += 1) progress.tick(second(at));
  const perSecondMs = (performance.now() - started) / 200;
  assert.ok(perSecondMs < 25, `${perSecondMs.toFixed(1)} ms of each second`);
});
