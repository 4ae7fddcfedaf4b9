import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import type { Screen } from '../../src/cli/host.ts';
import { createProgress, type ProgressStep } from '../../src/cli/progress.ts';
import { widthOf } from '../../src/reporters/layout.ts';
import { interval, openShape, times } from '../judge/facts.ts';

const STEP: ProgressStep = { label: 'load', shape: openShape(60), timeoutMs: 10_000 };
const second = (at: number, errors = 0) => interval(at, [{ latenciesMs: times(33, (n) => 20 + n), errors: errors > 0 ? { 'http-5xx': errors } : {} }]);

function screen(isTerminal: boolean, columns = 80): Screen & { readonly written: string[] } {
  const written: string[] = [];
  return { written, write: (text) => void written.push(text), isTerminal, columns: () => columns, chalk: new Chalk({ level: 0 }) };
}

function play(onto: Screen, { seconds = 30, quiet = false, step = STEP, total = 1, errorsAt = -1 } = {}): void {
  const progress = createProgress(onto, quiet);
  progress.begin(step, 0, total);
  for (let at = 0; at < seconds; at += 1) progress.tick(second(at, at === errorsAt ? 3 : 0));
  progress.end();
}

/** The live line without what moves the cursor. */
const shown = (text: string): string => text.replaceAll('\r\u001b[K', '');

test('on a terminal one line renews itself every second: elapsed, left, rate, p95, errors', () => {
  const terminal = screen(true);
  play(terminal);
  assert.equal(terminal.written.length, 31, '30 lines and the one that clears the last');
  assert.ok(terminal.written.every((text) => text.startsWith('\r\u001b[K') && !text.includes('\n')));
  assert.match(shown(terminal.written[29] ?? ''), /^load · 0:30 \(0:30 left\) · 33\.0\/s · p95 5\d ms · no errors · sustain$/);
  assert.equal(terminal.written.at(-1), '\r\u001b[K', 'the line is gone when the step has ended');
});

test('the live line is never as wide as the terminal, whatever the step is called', () => {
  for (const columns of [10, 20, 40, 80]) {
    for (const label of ['unit GET /api/contents/{{ contentId }} and a very long name', '工作负载测试场景名称很长', 'l\u001b[2J\nm']) {
      const terminal = screen(true, columns);
      play(terminal, { step: { ...STEP, label }, total: 8 });
      for (const text of terminal.written) {
        assert.ok(widthOf(shown(text)) < columns, `${columns}: ${shown(text)}`);
        assert.ok(!shown(text).includes('\u001b') && !text.includes('\n'));
      }
    }
  }
});

test('in a pipe a plain line every ten seconds, without a single control character', () => {
  const pipe = screen(false);
  play(pipe, { total: 8, errorsAt: 14 });
  assert.deepEqual(pipe.written.map((text) => text.split(' · ')[1]), ['0:10 (0:50 left)', '0:20 (0:40 left)', '0:30 (0:30 left)']);
  // oxlint-disable-next-line no-control-regex -- that is what must not be there
  assert.doesNotMatch(pipe.written.join(''), /[\u0000-\u0009\u000b-\u001f]/);
  assert.match(pipe.written[1] ?? '', /^\[1\/8\] load · .* · 3 errors · /);
  assert.match(pipe.written[2] ?? '', / · no errors · /, 'the figures look back ten seconds, not to the beginning');
});

test('--quiet says nothing at all, messages included', () => {
  const terminal = screen(true);
  const progress = createProgress(terminal, true);
  progress.say('Starting PostgreSQL');
  play(terminal, { quiet: true });
  assert.deepEqual(terminal.written, []);
});

test('a message takes the place of the live line and leaves no rest of it', () => {
  const terminal = screen(true);
  const progress = createProgress(terminal, false);
  progress.begin(STEP, 0, 1);
  progress.tick(second(0));
  progress.say('Probe redis lost');
  assert.deepEqual(terminal.written.slice(1), ['\r\u001b[K', 'Probe redis lost\n']);
});

test('before anything was answered there is no p95 rather than one of 0, and time-outs make it "at least"', () => {
  const pipe = screen(true);
  const progress = createProgress(pipe, false);
  progress.begin(STEP, 0, 1);
  progress.tick(interval(0, []));
  assert.match(pipe.written.at(-1) ?? '', /0\.0\/s · p95 – · no errors/);
  progress.tick(interval(1, [{ latenciesMs: [5], errors: { timeout: 9 } }]));
  assert.match(pipe.written.at(-1) ?? '', /p95 ≥ 10000 ms · 9 errors/);
});

test('a closed step that may end early says at most how long', () => {
  const pipe = screen(false);
  play(pipe, { seconds: 10, step: { ...STEP, shape: { model: 'closed', stages: [{ name: 'sustain', judged: true, durationSeconds: 60, users: 4, enough: { requests: 4742, minimumSeconds: 10 } }] } } });
  assert.match(pipe.written[0] ?? '', /0:10 \(≤ 0:50 left\)/);
});
