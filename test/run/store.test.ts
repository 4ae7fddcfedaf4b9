import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ScaleplanError } from '../../src/errors.ts';
import { newestRun, readRun } from '../../src/run/read.ts';
import { assertWritable, createRunFolder } from '../../src/run/store.ts';

const output = mkdtempSync(join(tmpdir(), 'scaleplan-store-'));
after(() => rmSync(output, { recursive: true, force: true }));

const interval = { startedAtMs: 0, sent: 1, arrivals: 0, skipped: 0, rows: [], generator: { loopUtilization: 0, loopLagMs: 0 } };

describe('the store of a run', () => {
  it('names a run by time, plan, phase and an id', () => {
    const folder = createRunFolder(output, 'ventures', '2', Date.UTC(2026, 2, 1, 9, 30, 5));
    assert.match(folder.id, /^20260301T093005Z-ventures-phase2-[0-9a-f]{4}$/);
    folder.close();
  });

  it('reads back a run that was cut off in the middle of a line', async () => {
    const folder = createRunFolder(output, 'shop', '1', Date.now());
    folder.write('run.json', JSON.stringify({ formatVersion: 1, facts: { id: folder.id, steps: [{ suite: 'unit' }, { suite: 'load' }] } }));
    folder.appendInterval(0, { second: 0, ...interval });
    folder.appendInterval(1, { second: 0, ...interval });
    folder.appendInterval(1, { second: 1, ...interval });
    folder.appendSamples([{ atMs: 5, probe: 'host', metric: 'host.cpu', value: 12 }]);
    folder.close();
    appendFileSync(join(folder.path, 'intervals.ndjson'), '{"step":1,"second":2,"sta');
    const run = await readRun(folder.path);
    assert.deepEqual(run.steps.map((step) => step.intervals.map(({ second }) => second)), [[0], [0, 1]]);
    assert.deepEqual(run.samples.map(({ value }) => value), [12]);
  });

  it('finds the newest run', () => {
    const folder = createRunFolder(output, 'newest', '1', Date.now());
    folder.write('run.json', '{}');
    folder.close();
    assert.equal(newestRun(output), folder.path);
  });

  it('takes the newest by when it began, not by when its files were copied', () => {
    const copied = mkdtempSync(join(output, 'copied-'));
    for (const id of ['20260302T080000Z-shop-phase1-aaaa', '20260301T080000Z-shop-phase1-bbbb']) {
      mkdirSync(join(copied, id));
      writeFileSync(join(copied, id, 'run.json'), '{}');
    }
    utimesSync(join(copied, '20260302T080000Z-shop-phase1-aaaa', 'run.json'), new Date(0), new Date(0));
    assert.equal(newestRun(copied), join(copied, '20260302T080000Z-shop-phase1-aaaa'));
  });

  it('refuses a run of another format, and a folder that is none', async () => {
    const folder = createRunFolder(output, 'old', '1', Date.now());
    folder.write('run.json', '{"formatVersion": 7}');
    folder.close();
    await assert.rejects(readRun(folder.path), (error) => error instanceof ScaleplanError && error.code === 'run-not-readable');
    await assert.rejects(readRun(join(output, 'nothing')), (error) => error instanceof ScaleplanError && error.code === 'run-not-found');
  });

  it('says so when it cannot write, and leaves nothing behind when it can', () => {
    writeFileSync(join(output, 'file'), '');
    assert.throws(() => assertWritable(join(output, 'file')), (error) => error instanceof ScaleplanError && error.code === 'output-not-writable');
    // A recursive mkdir of Node never returns here.
    assert.throws(() => assertWritable('/proc/nothing/here'), { code: 'output-not-writable' });
    assertWritable(join(output, 'fresh'));
    assert.deepEqual(readdirSync(join(output, 'fresh')), []);
  });
});
