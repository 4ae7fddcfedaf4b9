import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readBaselines, setBaseline } from '../../src/run/baselines.ts';
import { readPastRuns } from '../../src/run/past-runs.ts';

function folder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'scaleplan-baselines-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

describe('baselines', () => {
  it('are kept beside the runs; a name that exists moves on, others stay', () => {
    using runs = folder();
    setBaseline(runs.path, 'main', ['a', 'b'], 0);
    setBaseline(runs.path, 'v1', ['c'], 0);
    setBaseline(runs.path, 'main', ['d'], 86_400_000);
    assert.deepEqual(readBaselines(runs.path), { main: { runs: ['d'], setAt: '1970-01-02T00:00:00.000Z' }, v1: { runs: ['c'], setAt: '1970-01-01T00:00:00.000Z' } });
    assert.deepEqual(readdirSync(runs.path), ['baselines.json']);
  });

  it('have names that a shell and a path can hold', () => {
    using runs = folder();
    for (const name of ['', 'a b', '../x', 'a,b']) assert.throws(() => setBaseline(runs.path, name, ['a'], 0), { code: 'wrong-usage' });
  });

  it('say so when their file is broken, and there are none without one', () => {
    using runs = folder();
    assert.deepEqual(readBaselines(runs.path), {});
    writeFileSync(join(runs.path, 'baselines.json'), '{"formatVersion": 1');
    assert.throws(() => readBaselines(runs.path), { code: 'run-not-readable' });
  });
});

describe('the runs of before', () => {
  it('pass over what is no run: half-written files, runs cut off before their summary, other folders', () => {
    using runs = folder();
    for (const [name, text] of [['20260101T000000Z-a', '{"facts":'], ['20260102T000000Z-b', '{"formatVersion":1,"facts":{"id":"b","startedAtMs":1,"steps":[]}}'], ['notes', '{}']] as const) {
      mkdirSync(join(runs.path, name));
      writeFileSync(join(runs.path, name, 'run.json'), text);
    }
    mkdirSync(join(runs.path, '20260103T000000Z-c'));
    assert.deepEqual(readPastRuns(runs.path), []);
    assert.deepEqual(readPastRuns(join(runs.path, 'missing')), []);
  });
});
