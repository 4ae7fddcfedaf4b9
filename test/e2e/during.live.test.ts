import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startBehavingServer } from '../engines/behaving-server.ts';
import { run, start, workFolder } from './program.ts';

const PLAN = `
id: own
title: A server of known delay
load: {users: 60, requests: 1200 requests/min}
assumptions: [{id: own, text: The figures are the test’s., reason: There is no document behind them.}]
steps: [{suite: load, scenario: visit.yml, engine: autocannon, model: closed, users: 2}]
suites: [{id: load, purpose: one page, frequency: every test, thresholds: [{condition: "http.p95 < 2 s", assumes: [own]}]}]
phases: [{id: "1", name: Only, users: 10-60}]
`;
const SCENARIO = 'config: {target: "http://127.0.0.1:3000"}\nscenarios: [{name: visit, flow: [{get: {name: page, url: /}}]}]\n';

/** A folder with a plan of its own and one experiment in its configuration. */
function prepare(path: string, experiment: string): string[] {
  writeFileSync(join(path, 'plan.yaml'), PLAN);
  writeFileSync(join(path, 'visit.yml'), SCENARIO);
  writeFileSync(join(path, 'scaleplan.config.yaml'), `experiments:\n  slow: ${experiment}\n`);
  return ['test', '--plan', 'plan.yaml', '--phase', '1', '--duration', '2s', '--during', 'slow'];
}

describe('an experiment on a target of one’s own', { timeout: 110_000 }, () => {
  it('is ended by Ctrl-C, and the run is sealed and reported', async () => {
    using folder = workFolder();
    await using server = await startBehavingServer({ delayMs: 5 });
    const args = prepare(folder.path, '{begin: touch begun, end: touch ended, lasts: 10m}');
    const program = start([...args, '--target', server.url], folder.path);
    for (let tries = 0; tries < 600 && !existsSync(join(folder.path, 'begun')); tries += 1) await new Promise((resolve) => { setTimeout(resolve, 100); });
    assert.ok(existsSync(join(folder.path, 'begun')), 'it began');
    assert.ok(!existsSync(join(folder.path, 'ended')), 'and goes on');
    program.child.kill('SIGINT');
    const { code, err } = await program.ended;
    assert.equal(code, 130, err);
    assert.ok(existsSync(join(folder.path, 'ended')), 'what was begun was ended');
    assert.equal(folder.runJson()['experiment'].name, 'slow');
  });

  it('that cannot be begun ends the load, is ended all the same, and proves nothing: exit 3', async () => {
    using folder = workFolder();
    await using server = await startBehavingServer({ delayMs: 5 });
    const args = prepare(folder.path, '{begin: "echo no such container >&2; exit 1", end: touch ended}');
    const { code, out, err, seconds } = await run([...args, '--target', server.url], folder.path);
    assert.equal(code, 3, err);
    assert.match(out, /INVALID/);
    assert.match(out.replaceAll(/\s+/g, ' '), /the experiment slow was not carried out: it could not be begun: .*no such container/);
    assert.ok(existsSync(join(folder.path, 'ended')));
    assert.ok(seconds < 90, `${seconds} s: the load did not go on`);
    assert.match(readFileSync(join(folder.runs().at(-1) ?? '', 'report.html'), 'utf8'), /Experiment: slow/);
  });
});

describe('what cannot be an experiment is refused before anything starts', { timeout: 60_000 }, () => {
  const refused = async (args: readonly string[]): Promise<string> => {
    using folder = workFolder();
    writeFileSync(join(folder.path, 'scaleplan.config.yaml'), 'experiments:\n  kill: {begin: "true", expect: ["http.p95 <"]}\n');
    const { code, err } = await run(['test', ...args, '--dry-run'], folder.path);
    assert.equal(code, 2, err);
    return err;
  };

  it('an unknown one, with the nearest there is', async () => {
    assert.match(await refused(['--plan', 'stolen-tee', '--phase', '1', '--during', 'kil-instance']), /did you mean "kill-instance"/);
    assert.match(await refused(['--phase', '2', '--target', 'http://127.0.0.1:9', '--during', 'kil']), /did you mean "kill"/);
  });

  it('one of another plan’s application, with the plan it belongs to', async () => {
    assert.match(await refused(['--plan', 'ventures', '--phase', '2', '--during', 'kill-instance']), /one of stolen-tee’s.*--plan stolen-tee/s);
  });

  it('one without a load suite, and one that expects what is no condition', async () => {
    assert.match(await refused(['--during', 'memory-leak', '--suite', 'unit']), /--suite load/);
    assert.match(await refused(['--phase', '2', '--target', 'http://127.0.0.1:9', '--during', 'kill']), /"http\.p95 <" is no condition/);
  });
});
