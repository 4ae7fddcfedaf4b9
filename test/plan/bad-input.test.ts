import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuUsage, getuid } from 'node:process';
import { after, test } from 'node:test';

import { ScaleplanError } from '../../src/errors.ts';
import { loadPlan } from '../../src/plan/load.ts';

const cwd = mkdtempSync(join(tmpdir(), 'scaleplan-bad-'));
after(() => rmSync(cwd, { recursive: true, force: true }));

/** A plan of ten thousand lines: phases enough to fill them. */
function longPlan(): string[] {
  const phases = Array.from({ length: 1665 }, (_, at) => [
    `  - id: ${at}`, `    name: Phase ${at}`, `    users: ${at}-${at + 1}`, '    thresholds:', '      - http.p95 < 500 ms', '      - http.error_rate < 1 %',
  ]);
  return ['id: long', 'title: Long', 'load:', '  requestsPerUserPerMinute: 1', 'phases:', ...phases.flat(), 'notes:', '  - the end', '', '', ''];
}

/** The error that reading a file leads to; within a second of work, whatever is in it (of work: others may be at the machine). */
async function errorOf(name: string): Promise<ScaleplanError> {
  const before = cpuUsage();
  const error: unknown = await loadPlan(join(cwd, name), { cwd }).then(() => assert.fail('the plan was accepted'), (reason: unknown) => reason);
  const { user, system } = cpuUsage(before);
  const ms = (user + system) / 1000;
  assert.ok(error instanceof ScaleplanError, String(error));
  assert.equal(error.exitCode, 2);
  assert.ok(ms < 1000, `${ms} ms`);
  return error;
}

async function faultIn(text: string | Uint8Array): Promise<string> {
  writeFileSync(join(cwd, 'plan.yaml'), text);
  const error = await errorOf('plan.yaml');
  assert.equal(error.code, 'wrong-plan');
  return error.message;
}

const SMALL = 'id: small\ntitle: Small\nload: { requestsPerUserPerMinute: 1 }\nphases:\n  - { id: 1, name: Only, users: 1-100 }\n';

test('the long plan itself is read', async () => {
  assert.equal(longPlan().length, 10_000);
  writeFileSync(join(cwd, 'long.yaml'), longPlan().join('\n'));
  assert.equal((await loadPlan('long.yaml', { cwd })).phases.length, 1665);
});

test('10,000 lines with one wrong indent: the line of the indent', async () => {
  const lines = longPlan();
  assert.equal(lines[6000], '    name: Phase 999');
  lines[6000] = '     name: Phase 999';
  assert.match(await faultIn(lines.join('\n')), /^.*plan\.yaml:6001:6 {2}wrong indent; expected the same number of spaces as the entries beside it [^\n]*$/);
});

test('10,000 lines with a fault in every condition: fifty of them and how many more', async () => {
  const message = await faultIn(longPlan().join('\n').replaceAll('http.p95', 'http.p59'));
  assert.match(message, /plan\.yaml:10:9 {2}phases\[0\]\.thresholds\[0\]: unknown metric "http\.p59"/);
  assert.equal(message.split('\n').length, 51);
  assert.match(message, /… and 1615 more$/);
});

const faults: readonly [title: string, text: string, message: RegExp][] = [
  ['a key that stands there twice', SMALL.replace('title: Small', 'title: Small\ntitle: Again'), /plan\.yaml:3:1 {2}the key stands here a second time/],
  ['an alias without an anchor', SMALL.replace('title: Small', 'title: *name'), /plan\.yaml:2:8 {2}no anchor "&name" stands before this alias/],
  ['an alias inside its own anchor', `${SMALL}capacity: &all { inside: *all }\n`, /plan\.yaml:6:\d+ {2}the alias repeats the anchor "&all" inside itself/],
  ['a range turned round', SMALL.replace('1-100', '100-1'), /plan\.yaml:5:33 {2}phases\[0\]\.users: expected a number of users such as .*, got "100-1"/],
  ['an unknown unit', `${SMALL}slo: [http.p95 < 500 msec]\n`, /plan\.yaml:6:22 {2}slo\[0\]: unknown unit "msec"; did you mean "sec"/],
  ['a unit that does not fit', SMALL.replace('1-100', '1-100 MB'), /plan\.yaml:5:33 {2}phases\[0\]\.users: expected a number of users .*, got "1-100 MB"/],
  ['a percentage over 100', SMALL.replace('requestsPerUserPerMinute: 1', 'requestsPerUserPerMinute: 1, readShare: 101 %'), /plan\.yaml:3:49 {2}load\.readShare: expected a percentage such as 30 %, got "101 %"/],
  ['a limit over 100 %', `${SMALL}slo: [redis.hit_ratio > 160 %]\n`, /plan\.yaml:6:25 {2}slo\[0\]: redis\.hit_ratio is a share: it never exceeds 100 %/],
  ['a negative number of users', SMALL.replace('1-100', '-100'), /plan\.yaml:5:33 {2}phases\[0\]\.users: expected a number of users .*, got -100/],
  ['a negative milestone', `${SMALL}milestones: [{ id: a, title: b, bottleneck: cache, users: -5, impact: c, remedy: d }]\n`, /plan\.yaml:6:59 {2}milestones\[0\]\.users: .*got -5/],
  ['an empty file', '', /plan\.yaml:1:1 {2}the file is empty/],
  ['a file of comments', '# nothing\n', /plan\.yaml:1:1 {2}the file is empty/],
  ['two documents in a file', `${SMALL}---\n${SMALL}`, /plan\.yaml:6:1 {2}a second document begins/],
  ['a tab for an indent', SMALL.replace('  - {', '\t- {'), /plan\.yaml:5:1 {2}a tab; expected spaces/],
  ['a text that holds a colon', SMALL.replace('title: Small', 'title: Small: and fine'), /plan\.yaml:2:8 {2}a map where a value stands already; .*quotes/],
  ['a key without its colon', SMALL.replace('title: Small', 'title'), /plan\.yaml:2:1 {2}/],
  ['a map nested a thousand deep', `${SMALL}capacity: ${'{a: '.repeat(1000)}1${'}'.repeat(1000)}\n`, /plan\.yaml:6:\d+ {2}/],
];

for (const [title, text, message] of faults) {
  test(`${title}: at its place, within a second`, async () => assert.match(await faultIn(text), message));
}

test('anchors and aliases that repeat something sensible are read', async () => {
  writeFileSync(join(cwd, 'plan.yaml'), `${SMALL}slo: &limits [http.p95 < 500 ms]\nsuites:\n  - { id: unit, purpose: a, frequency: b, thresholds: *limits }\n`);
  const plan = await loadPlan('plan.yaml', { cwd });
  assert.equal(plan.suites[0]?.thresholds[0]?.text, 'http.p95 < 500 ms');
});

test('a file that repeats itself a billion times: the first of its aliases', async () => {
  const levels = Array.from({ length: 9 }, (_, at) => `  l${at + 1}: &l${at + 1} [${Array.from({ length: 10 }, () => `*l${at}`).join(', ')}]`);
  const message = await faultIn(`${SMALL}capacity:\n  l0: &l0 [lol]\n${levels.join('\n')}\n`);
  assert.match(message, /plan\.yaml:8:\d+ {2}anchors are repeated more than 1000 times/);
});

test('bytes that are not UTF-8: the byte', async () => {
  const bytes = Buffer.concat([Buffer.from('id: small\ntitle: caf'), Buffer.from([0xe9]), Buffer.from('\n')]);
  assert.match(await faultIn(bytes), /plan\.yaml:2:11 {2}not UTF-8/);
  assert.match(await faultIn(Buffer.from(`\ufeff${SMALL}`, 'utf16le')), /plan\.yaml:1:1 {2}not UTF-8/);
});

test('a file of more than 5 MB is not even parsed', async () => {
  assert.match(await faultIn(`# ${'x'.repeat(5_100_000)}\n${SMALL}`), /plan\.yaml: has 5\.1 MB; at most 5 MB are read/);
});

test('a folder says that it is one', async () => {
  mkdirSync(join(cwd, 'folder.yaml'));
  assert.match((await errorOf('folder.yaml')).message, /folder\.yaml: is a folder, expected a file/);
});

test('a file that may not be read says so', { skip: getuid?.() === 0 ? 'root may read everything' : false }, async () => {
  writeFileSync(join(cwd, 'secret.yaml'), SMALL);
  chmodSync(join(cwd, 'secret.yaml'), 0);
  assert.match((await errorOf('secret.yaml')).message, /secret\.yaml: may not be read \(permission denied\)/);
});
