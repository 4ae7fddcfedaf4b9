import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { simulate } from '../compare/simulate.ts';
import { START_MS } from '../judge/facts.ts';
import { FIXTURES, run, workFolder } from './program.ts';
import { saveRun } from './saved-run.ts';

/** Runs of this level, an hour apart, in `reports` of the folder. */
async function save(path: string, factors: readonly number[], from: number): Promise<string[]> {
  const ids: string[] = [];
  for (const [at, factor] of factors.entries()) {
    ids.push(await saveRun(join(path, 'reports'), simulate({ seed: from + at, factor, seconds: 30, startedAtMs: START_MS + (from + at) * 3_600_000 })));
  }
  return ids;
}

describe('compare, baseline, history', () => {
  it('names a baseline, finds the regression against it, says so as JSON, Markdown and text, and exits with 1', async () => {
    using folder = workFolder();
    const before = await save(folder.path, [1, 1.02, 0.98, 1.01, 0.99], 0);
    const after = await save(folder.path, [1.2, 1.22, 1.18, 1.21, 1.19], 10);
    const set = await run(['baseline', 'set', 'main', ...before], folder.path);
    assert.equal(set.code, 0, set.err);
    assert.deepEqual(JSON.parse((await run(['baseline', 'list', '--json'], folder.path)).out)[0].runs, before);
    const found = await run(['compare', 'main', after.join(','), '--json'], folder.path);
    assert.equal(found.code, 1, found.err + found.out);
    const json = JSON.parse(found.out);
    assert.equal(json.comparable, true);
    const p95 = json.differences.find((one: { metric: string; scope: { journey?: string } }) => one.metric === 'http.p95' && one.scope.journey === 'search');
    assert.deepEqual([p95.status, p95.scope], ['worse', { suite: 'load', journey: 'search' }]);
    assert.ok(p95.changePercent.low < 20 && p95.changePercent.high > 15, JSON.stringify(p95));
    const text = await run(['compare', 'main', after.join(',')], folder.path);
    assert.match(text.out, /search p95 +\d+ ms +\d+ ms +\+\d.* worse/);
    const markdown = await run(['compare', 'main', after.join(','), '--markdown'], folder.path);
    assert.match(markdown.out, /\| load · search p95 \|.*\| worse \|/);
  });

  it('cannot tell from one pair (4), refuses another phase (2) unless forced, and knows names that are nearly right', async () => {
    using folder = workFolder();
    const [base = '', head = ''] = await save(folder.path, [1, 1.05], 0);
    assert.equal((await run(['compare', base, head], folder.path)).code, 4);
    const file = join(folder.path, 'reports', head, 'run.json');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"cores":2', '"cores":64'));
    const refused = await run(['compare', base, head], folder.path);
    assert.equal(refused.code, 2, refused.out);
    assert.match(refused.out, /cores: 2 against 64/);
    assert.equal((await run(['compare', base, head, '--force'], folder.path)).code, 4);
    await run(['baseline', 'set', 'release', base], folder.path);
    const typo = await run(['compare', 'relaese', head], folder.path);
    assert.equal(typo.code, 2);
    assert.match(typo.err, /did you mean "release"/);
  });

  it('holds a saved run against a baseline: the comparison in the report, the relative condition judged', async () => {
    using folder = workFolder();
    await run(['baseline', 'list'], folder.path);
    const before = await save(folder.path, [1, 1.01, 0.99, 1, 1.01, 0.99, 1, 1.01, 0.99], 0);
    const [slow = ''] = await save(folder.path, [1.6], 20);
    copyFileSync(join(FIXTURES, 'shop.yml'), join(folder.path, 'shop.yml'));
    writeFileSync(join(folder.path, 'plan.yaml'), `${readFileSync(join(FIXTURES, 'plan.yaml'), 'utf8')}  - { condition: "http.p95 < baseline + 10 %", assumes: [own] }\n`);
    const report = (...more: string[]): ReturnType<typeof run> => run(['report', `reports/${slow}`, '--plan', 'plan.yaml', '--json', '--reporter', 'json', ...more], folder.path);
    const relative = (out: string): { status: string; limit: number; reason: string } => JSON.parse(out).verdicts.find((one: { condition: { relativeTo: string } }) => one.condition.relativeTo === 'baseline');
    const without = await report();
    assert.equal(relative(without.out).status, 'not-measured');
    assert.equal(JSON.parse(without.out).comparison, undefined);
    const held = await report('--baseline', before.slice(6).join(','));
    assert.equal(held.code, 1, held.err);
    assert.equal(relative(held.out).status, 'fail', relative(held.out).reason);
    assert.equal(JSON.parse(held.out).comparison.differences.find((one: { metric: string }) => one.metric === 'http.p95').status, 'worse');
  });

  it('takes the baseline from the configuration: for report and compare, passed over while nobody has set it, never the run itself', async () => {
    using folder = workFolder();
    const before = await save(folder.path, [1, 1.01, 0.99], 0);
    const [head = ''] = await save(folder.path, [2], 20);
    copyFileSync(join(FIXTURES, 'shop.yml'), join(folder.path, 'shop.yml'));
    copyFileSync(join(FIXTURES, 'plan.yaml'), join(folder.path, 'plan.yaml'));
    writeFileSync(join(folder.path, 'scaleplan.config.yaml'), 'baseline: main\n');
    const report = (name: string, ...more: string[]): ReturnType<typeof run> => run(['report', `reports/${name}`, '--plan', 'plan.yaml', '--json', '--reporter', 'json', ...more], folder.path);
    const early = await report(head);
    assert.match(early.err, /There is no baseline "main" yet/);
    assert.equal(JSON.parse(early.out).comparison, undefined);
    await run(['baseline', 'set', 'main', ...before], folder.path);
    assert.equal(JSON.parse((await report(head)).out).comparison.base.length, 3);
    assert.equal(JSON.parse((await report(before[0] ?? '')).out).comparison.base.length, 2);
    assert.equal(JSON.parse((await report(head, '--baseline', 'none')).out).comparison, undefined);
    const own = await report(head, '--baseline', head);
    assert.deepEqual([own.code, /is its own baseline/.test(own.err)], [2, true]);
    const compared = await run(['compare', '--json'], folder.path);
    assert.deepEqual([compared.code, JSON.parse(compared.out).base], [1, before]);
  });

  it('marks in the history where it became slower', async () => {
    using folder = workFolder();
    await save(folder.path, [1, 1.01, 0.99, 1, 1.02, 0.98, 1.4, 1.41, 1.39, 1.42, 1.38, 1.4], 0);
    const text = await run(['history'], folder.path);
    assert.equal(text.code, 0, text.err);
    assert.match(text.out, /http\.p50 \+\d+(\.\d)? % from here on\n/);
    const paged = await run(['history', '--html', 'page.html', '--json'], folder.path);
    assert.match(readFileSync(join(folder.path, 'page.html'), 'utf8'), /<svg[\s\S]*p50 \+\d/);
    const json = JSON.parse(paged.out);
    assert.deepEqual(json.series[0].points.map((point: { changes: { metric: string }[] }) => point.changes.some(({ metric }) => metric === 'http.p50')).indexOf(true), 6);
  });
});
