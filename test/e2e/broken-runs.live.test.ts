import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { startBehavingServer } from '../engines/behaving-server.ts';
import { FIXTURES, run, start, workFolder } from './program.ts';

const PLAN = join(FIXTURES, 'plan.yaml');

describe('a run that proves nothing ends with 3, never with a pass', () => {
  it('an engine that is killed in the middle', async () => {
    using folder = workFolder();
    await using server = await startBehavingServer({ delayMs: 5 });
    const program = start(['test', '--phase', '1', '--plan', PLAN, '--suite', 'unit', '--target', server.url], folder.path);
    while ((await server.record()).length < 1000) await setTimeout(100);
    const children = spawnSync('pgrep', ['-P', String(program.child.pid), '-f', 'autocannon/worker']).stdout.toString().trim().split('\n');
    for (const pid of children.filter(Boolean)) process.kill(Number(pid), 'SIGKILL');
    const ended = await program.ended;
    assert.equal(ended.code, 3, ended.err + ended.out);
    const json = folder.runJson();
    assert.match(json['run'].invalidReason, /SIGKILL/);
    assert.equal(json['diagnosis'].outcome, 'not-enough-evidence');
  });

  it('a generator that cannot make the load that was asked for', async () => {
    using folder = workFolder();
    copyFileSync(PLAN, join(folder.path, 'plan.yaml'));
    writeFileSync(join(folder.path, 'shop.yml'), readFileSync(join(FIXTURES, 'shop.yml'), 'utf8').replace('duration: 15', 'duration: 5').replace('arrivalRate: 20', 'arrivalRate: 4000'));
    await using server = await startBehavingServer();
    const ended = await run(['test', '--phase', '1', '--plan', 'plan.yaml', '--suite', 'load', '--profile', 'as-written', '--target', server.url], folder.path);
    assert.equal(ended.code, 3, ended.err + ended.out);
    const json = folder.runJson();
    assert.equal(json['generator'].saturated, true);
    assert.equal(json['diagnosis'].outcome, 'generator');
  });
});
