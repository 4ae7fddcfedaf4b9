import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { ScaleplanError } from '../../src/errors.ts';
import { loadPlan, parsePlan } from '../../src/plan/load.ts';

const SMALL = `
id: small
title: A small plan
load:
  requestsPerUserPerMinute: 0.5-2
phases:
  - id: 1
    name: Only
    users: 100-500
    thresholds:
      - http.p95 < 500 ms
`;

/** The error a text leads to; fails where it leads to none. */
function errorOf(text: string): ScaleplanError {
  try {
    parsePlan('/plans/plan.yaml', text);
  } catch (error) {
    assert.ok(error instanceof ScaleplanError, String(error));
    return error;
  }
  return assert.fail('the plan was accepted');
}

test('a plan without a document needs no addresses', () => {
  const plan = parsePlan('/plans/plan.yaml', SMALL);
  assert.equal(plan.phases[0]?.id, '1');
  assert.deepEqual(plan.phases[0].thresholds[0], {
    metric: 'http.p95', aggregate: null, scope: {}, op: '<', value: 500, relativeTo: null, unit: 'ms', forSeconds: null, inSeconds: null,
    kind: 'threshold', level: 'fail', required: true, reason: null, text: 'http.p95 < 500 ms', source: null,
    place: { file: '/plans/plan.yaml', line: 11, column: 9 }, assumes: [],
  });
});

test('alternatives, levels, reasons and the place of a quoted condition are kept', () => {
  const plan = parsePlan('/plans/plan.yaml', `${SMALL}slo:
  - condition: "host.cpu > 70 % or host.memory > 80 %"
    level: warn
    required: false
    reason: nobody looks
`);
  const [condition] = plan.slo;
  assert.ok(condition !== undefined && 'anyOf' in condition);
  assert.deepEqual(condition.anyOf.map(({ metric, value }) => [metric, value]), [['host.cpu', 70], ['host.memory', 80]]);
  assert.equal(condition.level, 'warn');
  assert.equal(condition.required, false);
  assert.equal(condition.reason, 'nobody looks');
  assert.deepEqual(condition.place, { file: '/plans/plan.yaml', line: 13, column: 17 });
});

test('addresses: the line behind a text comes before that of its map, and names its section', () => {
  const plan = parsePlan('/plans/plan.yaml', SMALL.replace('load:', 'document:\n  file: doc.md\n  sections:\n    1: Start\n    20: Targets\nload:')
    .replace('    users: 100-500', '    at: 5\n    users: 100-500 @21').replace('< 500 ms', '< 500 ms @22,30'));
  assert.deepEqual(plan.phases[0]?.source, { document: 'doc.md', section: 'Start', line: 5 });
  assert.deepEqual(plan.phases[0].sources?.['users'], { document: 'doc.md', section: 'Targets', line: 21 });
  assert.deepEqual(plan.phases[0].thresholds[0]?.source, { document: 'doc.md', section: 'Targets', line: 22 });
});

test('a plan with a document refuses a condition that has neither line nor assumption', () => {
  const error = errorOf(SMALL.replace('load:', 'document: { file: doc.md, sections: {} }\nload:'));
  assert.match(error.message, /plan\.yaml:12:9 {2}phases\[0\]\.thresholds\[0\]: no address/);
});

test('figures of an architecture have the line of their map, their own, or none where they rest on an assumption', () => {
  const withAssumption = (name: string): string => `${SMALL.replace('    thresholds:', `    at: 3
    architecture:
      instances: 2
      replicas: 3 @9
      assumes: [${name}]
    thresholds:`).replace('< 500 ms', '< 500 ms @4')}document: { file: d.txt, sections: { 1: All } }
assumptions: [{ id: several, text: several are two, reason: it is the least }]
`;
  const architecture = parsePlan('/plans/plan.yaml', withAssumption('several')).phases[0]?.architecture;
  assert.deepEqual(architecture?.instances, { min: 2, max: 2 });
  assert.deepEqual(architecture.assumes, ['several']);
  assert.deepEqual(architecture.sources, { replicas: { document: 'd.txt', section: 'All', line: 9 } });
  assert.match(errorOf(withAssumption('many')).message, /phases\[0\]\.architecture\.assumes: there is no assumption "many"/);
});

test('all faults of a file are told at once, shape and grammar, in the order of the file and with the nearest name', () => {
  const error = errorOf(`
id: my
title: x
load: { requestsPerUserPerMinute: 1 }
phases:
  - id: 1
    nam: a
    users: 500-100
    thresholds:
      - http.p59 < 3 ms
      - "http.p95 < 3 MB"
      - condition: http.p95 < 5
        requird: false
    steps:
      - { suite: lod, scenario: x.yml, engine: artilery }
milestones:
  - { id: a, title: b, bottleneck: cahe, users: 1-3, impact: c, remedy: d }
`);
  assert.equal(error.code, 'wrong-plan');
  const expected = [
    /:6:5 .*name: missing/, /:7:5 .*unknown key "nam"; did you mean "name"/, /:8:12 .*expected a number of users/, /:10:9 .*http\.p59/,
    /:11:23 .*"MB" does not fit/, /:12:31 .*needs a unit/, /:13:9 .*did you mean "required"/, /:15:18 .*did you mean "load"/,
    /:15:48 .*did you mean "artillery"/, /:17:36 .*did you mean "cache"/, /:17:49 .*one number, not a range/,
  ];
  const lines = error.message.split('\n');
  assert.equal(lines.length, expected.length, error.message);
  for (const [index, pattern] of expected.entries()) assert.match(lines[index] ?? '', pattern);
  assert.deepEqual(error.place, { file: '/plans/plan.yaml', line: 6, column: 5 });
  assert.match(error.hint ?? '', /docs\/plan-files\.md/);
});

const refused: readonly [title: string, text: string, message: RegExp][] = [
  ['the same id twice', SMALL.replace('phases:', 'phases:\n  - { id: 1, name: Other, users: 5 }'), /:8:\d+ {2}phases\[1\]\.id: the id "1" stands here a second time/],
  ['an unknown assumption', `${SMALL}assumptions: [{ id: p95, text: a, reason: b }]\nslo: [{ condition: http.p95 < 3 ms, assumes: [p59] }]`, /unknown assumption "p59"; did you mean "p95"/],
  ['an optional condition without a reason', `${SMALL}slo: [{ condition: http.p95 < 3 ms, required: false }]`, /slo\[0\]\.reason: .*a reason is expected/],
  ['autocannon with the open model', `${SMALL}steps: [{ suite: unit, scenario: a.yml, engine: autocannon, model: open }]`, /autocannon drives the closed model/],
  ['artillery with the closed model', `${SMALL}steps: [{ suite: load, scenario: a.yml, engine: artillery, model: closed, users: 3 }]`, /artillery drives the open model/],
  ['a closed step without users', `${SMALL}steps: [{ suite: unit, scenario: a.yml, engine: autocannon }]`, /steps\[0\]: the closed model needs users/],
  ['an address in the middle of a text', `${SMALL}notes: [one thing @4; another @5]`, /stands at the end/],
  ['a deadline behind its milestone', `${SMALL}milestones: [{ id: a, title: b, bottleneck: cache, users: 500, prepareBy: 600, impact: c, remedy: d }]`, /milestones\[0\]\.prepareBy: expected at most the milestone's own 500/],
  ['a figure in the wrong unit', SMALL.replace('0.5-2', '5 %'), /requestsPerUserPerMinute: expected a number such as/],
  ['a share above 100 %', SMALL.replace('0.5-2', '1\n  readShare: 180 %'), /readShare: expected a percentage/],
  ['no load at all', SMALL.replace('requestsPerUserPerMinute: 0.5-2', 'readShare: 80 %'), /expected requestsPerUserPerMinute, or requests and the users/],
  ['no phases', SMALL.replace(/phases:[^]*/, 'phases: []'), /phases: expected at least 1 entry/],
  ['a list instead of a map', '- 1', /expected a map, got a list/],
  ['broken YAML', 'id: [', /plan\.yaml:\d+:\d+/],
  ['a condition that is no text', SMALL.replace('http.p95 < 500 ms', '5'), /thresholds\[0\]: expected a text/],
];

for (const [title, text, message] of refused) {
  test(`refuses ${title}`, () => {
    const error = errorOf(text);
    assert.equal(error.code, 'wrong-plan');
    assert.match(error.message, message);
  });
}

test('scenarios are named relative to the plan file', () => {
  const plan = parsePlan('/plans/plan.yaml', `${SMALL}steps: [{ suite: load, scenario: ../scenarios/a.yml, engine: artillery }]`);
  assert.deepEqual(plan.phases[0]?.steps, [{ suite: 'load', scenario: '/scenarios/a.yml', engine: 'artillery', model: 'open', load: {} }]);
});

test('a bundled plan is found by its id, a file by its path, anything else is an unknown name', async (t) => {
  const cwd = await mkdtemp(join(tmpdir(), 'scaleplan-plan-'));
  t.after(() => rm(cwd, { recursive: true }));
  await writeFile(join(cwd, 'mine.yaml'), SMALL);
  assert.equal((await loadPlan('ventures', { cwd })).id, 'ventures');
  const mine = await loadPlan('mine.yaml', { cwd });
  assert.deepEqual([mine.id, mine.file], ['small', join(cwd, 'mine.yaml')]);
  await assert.rejects(loadPlan('venturs', { cwd }), { code: 'unknown-name', message: /unknown plan "venturs"; did you mean "ventures"/, hint: /ventures/ });
  await assert.rejects(loadPlan('./other.yaml', { cwd }), { code: 'unknown-name', message: /no plan file .*other\.yaml/ });
  await assert.rejects(loadPlan('constructor', { cwd }), { code: 'unknown-name' });
  await assert.rejects(loadPlan('', { cwd }), { code: 'unknown-name' });
});

test('a plan spoilt anywhere is still read, or refused with a place; nothing else is thrown', async () => {
  const text = await readFile(new URL('../../thresholds/ventures.yaml', import.meta.url), 'utf8');
  const pieces = ['', ' ', ':', '-', '[', '{', '@1', '"', '\n', '-5', '%', 'null', '~', 'a: b', '999999999999', '@1-99999999', '\t', '*a', '1e9'];
  for (let round = 0; round < 80; round += 1) {
    const at = (round * 7919) % text.length;
    const spoilt = text.slice(0, at) + (pieces[round % pieces.length] ?? '') + text.slice(at + (round % 9));
    try {
      parsePlan('/plans/plan.yaml', spoilt);
    } catch (error) {
      assert.ok(error instanceof ScaleplanError && error.place !== null, `${String(error)} at ${at}`);
      assert.match(error.message, /plan\.yaml:\d+:\d+ /);
    }
  }
});
