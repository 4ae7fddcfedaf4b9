import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { ScaleplanError } from '../../src/errors.ts';
import type { Plan } from '../../src/model/plan.ts';
import { bundledPlanFile } from '../../src/plan/list.ts';
import { loadPlan } from '../../src/plan/load.ts';

const cwd = mkdtempSync(join(tmpdir(), 'scaleplan-extend-'));
after(() => rmSync(cwd, { recursive: true }));

const BASE = `id: base
title: Base @1
document:
  file: base.md
  sections: { 1: Start, 40: Costs }
load: { requestsPerUserPerMinute: 1 @10, peakConcurrentShare: 10 % @11 }
steps: [{ suite: load, scenario: scenarios/a.yml, engine: artillery }]
phases:
  - id: 1
    at: 20
    name: Small
    users: 1-100
    cost: $10-20/month
    thresholds: [http.p95 < 500 ms]
  - { id: 2, at: 30, name: Large, users: 100-1000 }
milestones:
  - { id: db, at: 41, title: Out of connections, bottleneck: db-connections, users: 100, impact: slow, remedy: pool them }
slo: [http.error_rate < 1 % @42]
`;

/** A plan file `own.yaml` over `base.yaml`, both in one folder. */
async function load(own: string, base = BASE): Promise<Plan> {
  writeFileSync(join(cwd, 'base.yaml'), base);
  writeFileSync(join(cwd, 'own.yaml'), own);
  return loadPlan('own.yaml', { cwd });
}

async function errorOf(own: string, base?: string): Promise<ScaleplanError> {
  const error: unknown = await load(own, base).then(() => assert.fail('the plan was accepted'), (reason: unknown) => reason);
  assert.ok(error instanceof ScaleplanError, String(error));
  assert.equal(error.code, 'wrong-plan', error.message);
  return error;
}

test('a plan of one line more than its id is the one it extends', async () => {
  writeFileSync(join(cwd, 'own.yaml'), 'extends: ventures\nid: mine\n');
  const [own, ventures] = [await loadPlan('own.yaml', { cwd }), await loadPlan('ventures', { cwd })];
  assert.deepEqual({ ...own, id: ventures.id, file: ventures.file }, ventures);
});

test('maps are merged, lists with ids too, other lists are replaced, and what is new comes last', async () => {
  const plan = await load(`extends: ./base.yaml
id: own
load: { peakConcurrentShare: 20 % }
phases:
  - { id: 3, name: Huge, users: 1000+ }
  - { id: 1, users: 1-200, thresholds: [http.p99 < 1 s] }
slo: [http.p95 < 2 s]
`);
  assert.deepEqual(plan.phases.map(({ id, name }) => [id, name]), [['1', 'Small'], ['2', 'Large'], ['3', 'Huge']]);
  assert.deepEqual(plan.phases[0]?.users, { min: 1, max: 200 });
  assert.deepEqual(plan.phases[0].thresholds.map(({ text }) => text), ['http.p99 < 1 s']);
  assert.deepEqual(plan.slo.map(({ text }) => text), ['http.p95 < 2 s']);
  assert.deepEqual([plan.load.peakConcurrentShare, plan.load.requestsPerUserPerMinute.max], [20, 1]);
  assert.equal(plan.title, 'Base');
});

test('null takes a key away, remove an entry', async () => {
  const plan = await load('extends: base.yaml\nid: own\nslo: null\nphases: [{ id: 1, cost: null }, { id: 2, remove: true }]\nmilestones: [{ id: db, bottleneck: null }]\n');
  assert.deepEqual(plan.slo, []);
  assert.deepEqual(plan.phases.map(({ id, costs }) => [id, costs]), [['1', null]]);
  assert.equal(plan.milestones[0]?.bottleneck, null, 'in bottleneck it is an answer');
});

test('a figure put in the place of a cited one has no address; the figures around it keep theirs', async () => {
  const plan = await load('extends: base.yaml\nid: own\nphases: [{ id: 1, cost: $5/month, thresholds: [http.p99 < 1 s], timeline: weeks 1-2 @44 }]\n');
  const { sources, thresholds, source } = plan.phases[0] ?? assert.fail();
  assert.equal(sources?.['costs'], undefined);
  assert.equal(thresholds[0]?.source, null, 'and needs none: the document is not this file’s');
  assert.deepEqual([sources?.['users']?.line, source?.line], [20, 20]);
  assert.deepEqual(sources?.['timeline'], { document: 'base.md', section: 'Costs', line: 44 });
});

test('with a document of its own each file cites its own', async () => {
  const plan = await load('extends: base.yaml\nid: own\ndocument: { file: own.md, sections: { 1: Ours } }\nslo: [http.p95 < 2 s @3]\n');
  assert.equal(plan.source.document, 'own.md');
  assert.deepEqual(plan.slo[0]?.source, { document: 'own.md', section: 'Ours', line: 3 });
  assert.deepEqual(plan.milestones[0]?.source, { document: 'base.md', section: 'Costs', line: 41 });
  const error = await errorOf('extends: base.yaml\nid: own\ndocument: { file: own.md, sections: {} }\nslo: [http.p95 < 2 s]\n');
  assert.match(error.message, /own\.yaml:4:7 {2}slo\[0\]: no address/);
});

test('requests at a number of users take the place of requests per user', async () => {
  const plan = await load('extends: base.yaml\nid: own\nload: { requests: 300 requests/min, users: 100 }\n');
  assert.deepEqual(plan.load.requestsPerUserPerMinute, { min: 3, max: 3 });
});

test('scenarios stay relative to the file they were written in', async () => {
  writeFileSync(join(cwd, 'own.yaml'), 'extends: ventures\nid: own\nphases: [{ id: 1, steps: [{ suite: load, scenario: mine.yml, engine: artillery }] }]\n');
  const plan = await loadPlan('own.yaml', { cwd });
  assert.equal(plan.phases[0]?.steps[0]?.scenario, join(cwd, 'mine.yml'));
  assert.equal(plan.phases[1]?.steps[0]?.scenario, join(bundledPlanFile('ventures'), '../../scenarios/ventures/load.yml'));
});

test('over several files each may change what the one below says', async () => {
  writeFileSync(join(cwd, 'middle.yaml'), 'extends: base.yaml\nid: middle\nphases: [{ id: 1, users: 5-50 }]\n');
  const plan = await load('extends: middle.yaml\nid: own\nphases: [{ id: 1, name: Tiny }]\n');
  assert.deepEqual([plan.phases[0]?.name, plan.phases[0]?.users, plan.phases[0]?.costs?.monthlyUsd.max], ['Tiny', { min: 5, max: 50 }, 20]);
});

test('a fault is told in the file in which it stands, the faults of both at once', async () => {
  const error = await errorOf('extends: base.yaml\nid: own\nphases:\n  - { id: 1, usrs: 5 }\nslo:\n  - http.p59 < 2 s\n', BASE.replace('name: Large', 'nme: Large'));
  const lines = error.message.split('\n');
  assert.equal(lines.length, 4, error.message);
  for (const pattern of [/own\.yaml:4:14 .*unknown key "usrs"; did you mean "users"/, /own\.yaml:6:5 .*http\.p59/, /base\.yaml:15:22 .*unknown key "nme"; did you mean "name"/, /base\.yaml:15:5 .*name: missing/]) {
    assert.ok(lines.some((line) => pattern.test(line)), `${String(pattern)} in\n${error.message}`);
  }
  assert.match((await errorOf('extends: base.yaml\nid: own\n', 'id: [')).message, /base\.yaml:1:\d+ /);
});

const refused: readonly [title: string, own: string, message: RegExp][] = [
  ['an unknown plan', 'extends: venturs\nid: own', /own\.yaml:1:10 {2}extends: unknown plan "venturs"; did you mean "ventures"\?/],
  ['a file that is not there', 'id: own\nextends: ./bsae.yaml', /own\.yaml:2:10 {2}extends: .*bsae\.yaml: no such file; did you mean "base\.yaml"/],
  ['a folder', 'id: own\nextends: ./', /own\.yaml:2:10 {2}extends: .*is a folder/],
  ['itself', 'id: own\nextends: own.yaml', /own\.yaml:2:10 {2}extends: .*own\.yaml extends .*own\.yaml: none of them is the plan to begin with/],
  ['what is no name', 'id: own\nextends: [ventures]', /own\.yaml:2:\d+ {2}extends: expected the id of a plan \(.*ventures.*\) or the path/],
  ['no id of its own', 'extends: base.yaml', /own\.yaml:1:1 {2}id: missing; a plan that extends another needs an id of its own/],
  ['the id of the plan below', 'extends: base.yaml\nid: base', /own\.yaml:2:5 {2}id: "base" is the id of the plan below/],
  ['taking away what is not there', 'extends: base.yaml\nid: own\nmilestones: [{ id: dbs, remove: true }]', /own\.yaml:3:20 {2}milestones: there is no "dbs" to remove; did you mean "db"/],
  ['the same id twice', 'extends: base.yaml\nid: own\nphases: [{ id: 1, name: A }, { id: 1, name: B, users: 5 }]', /own\.yaml:3:\d+ {2}phases\[2\]\.id: the id "1" stands here a second time/],
  ['a new entry that is not whole', 'extends: base.yaml\nid: own\nphases: [{ id: 9, name: A }]', /own\.yaml:3:10 {2}phases\[2\]\.users: missing/],
  ['a key taken away that is needed', 'extends: base.yaml\nid: own\nphases: [{ id: 1, name: null }]', /own\.yaml:3:25 {2}phases\[0\]\.name: missing/],
  ['a key taken away that is not there', 'extends: base.yaml\nid: own\nalerts: null', /own\.yaml:3:\d+ {2}alerts: expected a list, got nothing/],
];

for (const [title, own, message] of refused) {
  test(`refuses ${title}`, async () => assert.match((await errorOf(own)).message, message));
}

test('refuses files that extend each other, in the one that closes the circle', async () => {
  const error = await errorOf('extends: base.yaml\nid: own\n', 'id: base\nextends: own.yaml\n');
  assert.match(error.message, /base\.yaml:2:10 {2}extends: .*own\.yaml extends .*base\.yaml extends .*own\.yaml/);
});
