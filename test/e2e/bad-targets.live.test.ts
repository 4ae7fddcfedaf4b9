import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { startBehavingServer } from '../engines/behaving-server.ts';
import { FIXTURES, run, start, workFolder } from './program.ts';

const PLAN = join(FIXTURES, 'plan.yaml');
const unit = (url: string, ...more: string[]): string[] => ['test', '--phase', '1', '--plan', PLAN, '--suite', 'unit', '--target', url, ...more];

describe('a target that answers badly is a valid run that fails', () => {
  it('only 500: exit 1, counted as http-5xx', async () => {
    using folder = workFolder();
    await using server = await startBehavingServer({ delayMs: 5, failing: { every: 1, status: 500 } });
    const ended = await run(unit(server.url, '--duration', '3s'), folder.path);
    assert.equal(ended.code, 1, ended.err);
    const json = folder.runJson();
    assert.equal(json['run'].valid, true);
    assert.ok(json['steps'][0].errors['http-5xx'] > 0);
    assert.equal(json['steps'][0].requests, json['steps'][0].errors['http-5xx']);
    assert.match(ended.out, /FAIL/);
  });

  it('accepts and never answers: exit 1, bounded in time', async () => {
    using folder = workFolder();
    await using server = await startBehavingServer({ silentEvery: 1 });
    const ended = await run(unit(server.url, '--duration', '12s'), folder.path);
    assert.equal(ended.code, 1, ended.err);
    assert.ok(ended.seconds < 40, `${ended.seconds} s`);
    const [step] = folder.runJson()['steps'];
    assert.ok(step.errors.timeout > 0);
    assert.equal(step.latencyMs.p95, 2000, 'time-outs are censored at their limit, not dropped');
  });

  it('dies in the middle: exit 1', async () => {
    using folder = workFolder();
    await using server = await startBehavingServer({ delayMs: 5 });
    const program = start(unit(server.url), folder.path);
    for (let look = 0; look < 300 && (await server.record()).length === 0; look += 1) await setTimeout(100);
    // Two seconds of warm-up, and some that are judged; the stage lasts eleven at least.
    await setTimeout(6000);
    process.kill(server.pid, 'SIGKILL');
    const ended = await program.ended;
    assert.equal(ended.code, 1, ended.err);
    const [step] = folder.runJson()['steps'];
    assert.ok(step.requests > step.errors.refused && step.errors.refused > 0, JSON.stringify(step.errors));
  });
});

describe('no false green', () => {
  it('a run too short to decide ends with 4 and says how long would do', async () => {
    using folder = workFolder();
    await using server = await startBehavingServer({ delayMs: 20 });
    const ended = await run(unit(server.url, '--duration', '2s'), folder.path);
    assert.equal(ended.code, 4, ended.err);
    assert.match(ended.err, /warning/);
    assert.match(ended.out, /INCONCLUSIVE/);
  });

  it('a good target passes with 0, and the report of the saved run says the same, offline', async () => {
    using folder = workFolder();
    await using server = await startBehavingServer({ delayMs: 5 });
    const ended = await run(unit(server.url, '--json'), folder.path);
    assert.equal(ended.code, 0, ended.err + ended.out);
    const printed = JSON.parse(ended.out) as Record<string, any>;
    assert.deepEqual(printed['verdicts'].map((one: { status: string }) => one.status), ['pass', 'pass']);
    await server.stop();
    const again = await run(['report', '--json'], folder.path);
    assert.equal(again.code, 0, again.err);
    const { environment: _a, ...before } = printed;
    const { environment: _b, ...after } = JSON.parse(again.out) as Record<string, any>;
    assert.deepEqual(after, before);
  });
});

describe('interrupted', () => {
  it('once: sealed, reported, 130', async () => {
    using folder = workFolder();
    await using server = await startBehavingServer({ delayMs: 20 });
    const program = start(unit(server.url, '--duration', '60s'), folder.path);
    await program.says(/0:10/);
    program.child.kill('SIGINT');
    const ended = await program.ended;
    assert.equal(ended.code, 130, ended.err);
    assert.match(ended.out, /INTERRUPTED/);
    const json = folder.runJson();
    assert.equal(json['run'].interrupted, true);
    assert.ok(json['steps'][0].requests > 100, 'what was measured is kept');
    assert.match(readFileSync(join(folder.runs()[0] ?? '', 'report.html'), 'utf8'), /INTERRUPTED/);
  });

  it('one press that arrives twice, as npm passes it on, still seals the run', async () => {
    using folder = workFolder();
    await using server = await startBehavingServer({ delayMs: 20 });
    const program = start(unit(server.url, '--duration', '60s'), folder.path);
    await program.says(/0:10/);
    program.child.kill('SIGINT');
    program.child.kill('SIGINT');
    const ended = await program.ended;
    assert.equal(ended.code, 130);
    assert.match(ended.out, /INTERRUPTED/);
  });

  it('by SIGTERM: 143', async () => {
    using folder = workFolder();
    await using server = await startBehavingServer({ delayMs: 20 });
    const program = start(unit(server.url, '--duration', '60s'), folder.path);
    await program.says(/0:10/);
    program.child.kill('SIGTERM');
    assert.equal((await program.ended).code, 143);
  });

  it('twice: ends at once, and the generator with it', async () => {
    using folder = workFolder();
    await using server = await startBehavingServer({ silentEvery: 1 });
    const program = start(unit(server.url, '--duration', '60s'), folder.path);
    await program.says(/0:10/);
    const generators = spawnSync('pgrep', ['-P', String(program.child.pid), '-f', 'autocannon/worker']).stdout.toString().split('\n').filter(Boolean);
    assert.notDeepEqual(generators, [], 'a generator runs');
    const askedAt = performance.now();
    program.child.kill('SIGINT');
    await program.says('Interrupted');
    await setTimeout(200);
    program.child.kill('SIGINT');
    assert.equal((await program.ended).code, 130);
    assert.ok(performance.now() - askedAt < 2000);
    await setTimeout(4000);
    assert.deepEqual(generators.filter((pid) => existsSync(`/proc/${pid}`)), [], 'no generator is left');
  });
});
