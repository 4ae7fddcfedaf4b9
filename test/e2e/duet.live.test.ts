import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startBehavingServer } from '../engines/behaving-server.ts';
import { FIXTURES, run, workFolder } from './program.ts';

const PLAN = ['--plan', join(FIXTURES, 'plan.yaml'), '--phase', '1'];

describe('a duet', () => {
  it('puts both versions under the same load at the same time and finds the slower one', async () => {
    using folder = workFolder();
    await using base = await startBehavingServer({ delayMs: 30 });
    await using head = await startBehavingServer({ delayMs: 48 });
    const ended = await run(['duet', base.url, head.url, ...PLAN, '--rate', '40', '--duration', '50s', '--json', '-q'], folder.path);
    const json = JSON.parse(ended.out);
    // A generator that a busy machine holds up says so with 3; what it found stands all the same.
    assert.ok(ended.code === 1 || ended.code === 3, ended.err + ended.out);
    assert.equal(json.kind, 'duet');
    assert.equal(json.differences.find((one: { metric: string }) => one.metric === 'http.p50').status, 'worse');
    assert.equal(folder.runs().length, 2);
    const [seenByBase, seenByHead] = [(await base.record()).length, (await head.record()).length];
    assert.ok(Math.abs(seenByBase - seenByHead) <= 0.1 * seenByBase, `${seenByBase} and ${seenByHead} requests`);
    assert.match((await run(['history'], folder.path)).out, /There is no run/, 'a duet is no part of the history');
  });
});

describe('compare --runs', () => {
  it('makes the runs in turn, keeps them, and compares them', async () => {
    using folder = workFolder();
    await using base = await startBehavingServer({ delayMs: 5 });
    await using head = await startBehavingServer({ delayMs: 25 });
    const ended = await run(['compare', '--runs', '1', '--base-target', base.url, '--head-target', head.url, ...PLAN, '--suite', 'unit', '--duration', '10s', '--json'], folder.path);
    assert.match(ended.err, /Run 1 of 2: base[\s\S]*Run 2 of 2: head/);
    const json = JSON.parse(ended.out);
    assert.deepEqual([json.base.length, json.head.length, folder.runs().length], [1, 1, 2]);
    assert.equal(json.differences.find((one: { metric: string }) => one.metric === 'http.p50').status, 'worse', ended.out);
    assert.equal(ended.code, 1);
  });

  it('asks for both targets before it loads one', async () => {
    using folder = workFolder();
    const ended = await run(['compare', '--runs', '2', '--base-target', 'http://127.0.0.1:1', ...PLAN], folder.path);
    assert.equal(ended.code, 2);
    assert.match(ended.err, /--head-target/);
    await using there = await startBehavingServer({ delayMs: 5 });
    const gone = await run(['compare', '--runs', '2', '--base-target', there.url, '--head-target', 'http://127.0.0.1:1', ...PLAN], folder.path);
    assert.deepEqual([gone.code, folder.runs()], [3, []], gone.err);
  });
});
