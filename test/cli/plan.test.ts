import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { checkPlan, listPlans, planSchema, showPlan } from '../../src/cli/commands/plan.ts';
import { listPlans as bundledPlans } from '../../src/plan/list.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { planJsonSchema } from '../../src/plan/schema.ts';
import { widthOf } from '../../src/reporters/layout.ts';
import { recordingHost } from './recording-host.ts';

const cwd = mkdtempSync(join(tmpdir(), 'scaleplan-plan-command-'));
after(() => rmSync(cwd, { recursive: true }));

async function printed(command: (host: ReturnType<typeof recordingHost>['host']) => Promise<number> | number, expected = 0): Promise<string> {
  const { host, out } = recordingHost({ cwd });
  assert.equal(await command(host), expected);
  return out();
}

for (const id of await bundledPlans()) {
  const plan = await loadPlan(id, { cwd });

  test(`plan show ${id}: every fact of the plan is on the screen, no line wider than it`, async () => {
    const text = await printed((host) => showPlan(id, {}, host));
    const said = text.replaceAll(/\s+/g, ' ');
    const facts = [
      ...plan.phases.map(({ name }) => name), ...plan.milestones.flatMap(({ title, remedy, impact }) => [title, remedy, impact]), ...plan.slo.map((one) => one.text),
      ...plan.triggers.flatMap(({ text: condition, action }) => [condition, action]), ...plan.alerts.flatMap(({ text: condition, severity }) => [condition, severity]),
      ...plan.suites.map(({ purpose }) => purpose), ...plan.decisions.map((one) => one.text), ...plan.decisionTrees.map(({ title }) => title), ...plan.roadmap.map((one) => one.text),
      ...plan.experiments.map(({ title }) => title), ...plan.checklist.map((one) => one.text), ...plan.assumptions.map(({ text: words }) => words), ...plan.notes.map((one) => one.text),
    ];
    for (const fact of facts) assert.ok(said.includes(fact.replaceAll(/\s+/g, ' ')), `${fact} is missing`);
    if (plan.checklist.length > 0) assert.match(text, /\nFor people to judge\n/);
    for (const line of text.split('\n')) assert.ok(widthOf(line) <= 80 && line === line.trimEnd(), line);
  });

  test(`plan show ${id} --phase: load, steps, architecture, thresholds, actions`, async () => {
    for (const phase of plan.phases) {
      const text = await printed((host) => showPlan(id, { phase: phase.id }, host));
      const said = text.replaceAll(/\s+/g, ' ');
      for (const fact of [phase.load.derivation, ...phase.thresholds.map((one) => one.text), ...phase.triggers.map((one) => one.text), ...phase.actions.map(({ title }) => title), ...phase.expects.map((one) => one.text)]) {
        assert.ok(said.includes(fact), `${fact} is missing`);
      }
      assert.equal(/\nArchitecture\n/.test(text), phase.architecture !== null);
      // A path is there to be copied and is never broken.
      for (const line of text.split('\n')) assert.ok(widthOf(line) <= 80 || line.endsWith('.yml'), line);
    }
  });
}

test('plan list names each plan with its phases', async () => {
  const shown = JSON.parse(await printed((host) => listPlans({ json: true }, host))) as { id: string; phases: string[] }[];
  assert.deepEqual(shown.find(({ id }) => id === 'exchange')?.phases, ['0', '1', '2', '3']);
  assert.match(await printed((host) => listPlans({}, host)), /^stolen-tee +.* \(phases 0, 1, 2, 3\)$/m);
});

test('plan schema prints the schema of the code', async () => {
  assert.deepEqual(JSON.parse(await printed((host) => planSchema(host))), JSON.parse(JSON.stringify(planJsonSchema())));
});

test('the configuration may name a plan file beside it, from any folder below', async () => {
  mkdirSync(join(cwd, 'below'), { recursive: true });
  writeFileSync(join(cwd, 'scaleplan.config.yaml'), 'plan: plan.yaml\n');
  writeFileSync(join(cwd, 'plan.yaml'), 'extends: ventures\nid: shop\n');
  const { host, out } = recordingHost({ cwd: join(cwd, 'below') });
  await showPlan(undefined, {}, host);
  assert.match(out(), /^shop · /);
  rmSync(join(cwd, 'scaleplan.config.yaml'));
});

test('plan check tells every fault with its place, as lines or as JSON, and ends with 2', async () => {
  writeFileSync(join(cwd, 'wrong.yaml'), 'id: shop\ntitle: Shop\nload: { requestsPerUserPerMinute: 1 }\nphases:\n  - { id: 1, nme: a, users: 100-5 }\nslo: [http.p59 < 5 s]\n');
  await assert.rejects(checkPlan('wrong.yaml', {}, recordingHost({ cwd }).host), { exitCode: 2, message: /:5:14 .*\n.*:5:29 .*\n.*:6:7 /s });
  const { errors } = JSON.parse(await printed((host) => checkPlan('wrong.yaml', { json: true }, host), 2)) as { errors: { file: string; line: number; column: number; message: string; hint: string }[] };
  assert.deepEqual(errors.map(({ line, column }) => [line, column]), [[5, 5], [5, 14], [5, 29], [6, 7]]);
  assert.ok(errors.every(({ file, hint }) => file === join(cwd, 'wrong.yaml') && hint.includes('docs/plan-files.md')));
  assert.match(errors[1]?.message ?? '', /unknown key "nme"; did you mean "name"\?/);
});

test('plan check of a sound file says what is in it', async () => {
  writeFileSync(join(cwd, 'right.yaml'), 'extends: ventures\nid: shop\n');
  assert.match(await printed((host) => checkPlan('right.yaml', {}, host)), /right\.yaml is a valid plan: 4 phases, 5 milestones/);
  assert.deepEqual(JSON.parse(await printed((host) => checkPlan('right.yaml', { json: true }, host))), { errors: [] });
});

test('plan check --json says how many faults it leaves out', async () => {
  const file = join(cwd, 'faults.yaml');
  writeFileSync(file, `id: faults\n${Array.from({ length: 70 }, (_, at) => `unknown${at}: 1\n`).join('')}`);
  const { errors, moreErrors } = JSON.parse(await printed((host) => checkPlan(file, { json: true }, host), 2)) as { errors: { line: number; message: string }[]; moreErrors: number };
  assert.equal(errors.length, 50);
  assert.ok(moreErrors > 20 && errors.every(({ message }) => !message.startsWith('…')), String(moreErrors));
});

test('who names no plan is told which one is shown', async () => {
  const { host, err } = recordingHost({ cwd });
  assert.equal(await showPlan(undefined, {}, host), 0);
  assert.match(err(), /No plan was named: this is the bundled plan ventures/);
});
