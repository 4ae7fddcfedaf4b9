import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { init } from '../../src/cli/commands/init.ts';
import { checkPlan } from '../../src/cli/commands/plan.ts';
import { test as testCommand } from '../../src/cli/commands/test.ts';
import type { InitFlags } from '../../src/cli/init-answers.ts';
import type { Host } from '../../src/cli/host.ts';
import { ScaleplanError } from '../../src/errors.ts';
import { recordingHost } from '../cli/recording-host.ts';

const DATA = join(import.meta.dirname, 'data');
const PLANS = ['walls', 'exchange', 'honeyjar', 'ventures', 'stolen-tee'];
const FILES = ['scaleplan.config.yaml', 'scaleplan/plan.yaml', 'scaleplan/scenario.yml', '.github/workflows/scaleplan.yml'];

/** init in an empty folder; then what stands in each of its files. */
async function initialised(flags: InitFlags, check: (folder: { readonly path: string; readonly text: (file: string) => string; readonly out: string }) => Promise<void> | void, host: Partial<Host> = {}): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), 'scaleplan-init-'));
  try {
    const recording = recordingHost({ cwd: path });
    assert.equal(await init(flags, { ...recording.host, ...host }), 0);
    await check({ path, text: (file) => readFileSync(join(path, file), 'utf8'), out: recording.out() });
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

/** Both commands read the files from the disk, as the user's next command does. */
async function passesCheckAndDryRun(path: string, phase?: string): Promise<Record<string, any>> {
  const checked = recordingHost({ cwd: path });
  assert.equal(await checkPlan(join(path, 'scaleplan/plan.yaml'), {}, checked.host), 0);
  const dry = recordingHost({ cwd: path, env: { POSTGRES_PASSWORD: 'x', TARGET_PASSWORD: 'x' } });
  assert.equal(await testCommand({ dryRun: true, json: true, suite: ['unit', 'integration', 'load'], ...(phase === undefined ? {} : { phase }) }, dry.host), 0);
  return JSON.parse(dry.out()) as Record<string, any>;
}

describe('what init writes', () => {
  for (const plan of PLANS) {
    it(`passes plan check and a dry run, in 30 lines, for ${plan} and each kind of routes`, async () => {
      for (const routes of [{}, { openapi: join(DATA, 'openapi.yaml') }, { openapi: join(DATA, 'swagger.json') }, { har: join(DATA, 'visit.har') }, { har: join(DATA, 'visit.har'), writes: true }]) {
        await initialised({ plan, id: 'shop', ...routes }, async ({ path, text }) => {
          assert.deepEqual(FILES.filter((file) => !existsSync(join(path, file))), []);
          assert.ok(text('scaleplan/plan.yaml').trimEnd().split('\n').length <= 30, text('scaleplan/plan.yaml'));
          const { steps, target } = await passesCheckAndDryRun(path);
          assert.equal(target, 'http://127.0.0.1:3000');
          assert.ok(steps.every((step: any) => step.scenario === join(path, 'scaleplan/scenario.yml')));
          // A limit of a journey the user does not have could never be decided.
          assert.doesNotMatch(JSON.stringify(steps), /no request of|no duration can decide/);
        });
      }
    });
  }

  it('has a workflow in the rhythm of the documents, with every action pinned to a version', () => initialised({}, ({ text }) => {
    const workflow = parse(text(FILES[3] ?? '')) as Record<string, any>;
    assert.deepEqual(Object.keys(workflow['on']), ['push', 'schedule', 'workflow_dispatch']);
    assert.deepEqual(workflow['on'].schedule.map(({ cron }: { cron: string }) => cron.split(' ').slice(2).join(' ')), ['* * 1', '2 * *', '3 1,4,7,10 *']);
    const steps = workflow['jobs'].scaleplan.steps as { uses?: string; run?: string }[];
    const uses = steps.flatMap((step) => step.uses ?? []);
    assert.ok(uses.length >= 3);
    for (const use of uses) assert.match(use, /@v\d+\.\d+\.\d+$/);
    // Each schedule is named once more where the suite is chosen; one that is not would run the unit suite in silence.
    const choice = steps.find((step) => step.run?.includes('case "$CRON"'))?.run ?? '';
    for (const { cron } of workflow['on'].schedule as { cron: string }[]) assert.ok(choice.includes(`"${cron}")`), cron);
  }));

  it('overwrites nothing, and says so', async () => {
    const path = mkdtempSync(join(tmpdir(), 'scaleplan-init-'));
    try {
      writeFileSync(join(path, 'scaleplan.config.yaml'), 'plan: ventures\nphase: 2\n');
      const { host, out } = recordingHost({ cwd: path });
      assert.equal(await init({}, host), 0);
      assert.equal(readFileSync(join(path, 'scaleplan.config.yaml'), 'utf8'), 'plan: ventures\nphase: 2\n');
      assert.match(out(), /kept {4}scaleplan\.config\.yaml, it was there/);
      assert.match(out(), /written scaleplan\/plan\.yaml/);
      const before = FILES.map((file) => readFileSync(join(path, file), 'utf8'));
      assert.equal(await init({ plan: 'walls', har: join(DATA, 'visit.har') }, host), 0);
      assert.deepEqual(FILES.map((file) => readFileSync(join(path, file), 'utf8')), before);
    } finally {
      rmSync(path, { recursive: true, force: true });
    }
  });

  it('ends with the one command to try', () => initialised({}, ({ out }) => assert.match(out.trimEnd(), /try:\n\n {2}scaleplan test --suite unit$/)));

  it('chooses the phase by the users there are', async () => {
    const phaseOf = async (users: string): Promise<string> => {
      let phase = '';
      await initialised({ users }, ({ text }) => { phase = (parse(text('scaleplan.config.yaml')) as { phase: string }).phase; });
      return phase;
    };
    assert.deepEqual([await phaseOf('10'), await phaseOf('500'), await phaseOf('501'), await phaseOf('1,000,000')], ['1', '1', '2', '4']);
  });

  it('keeps a threshold required where a probe is named for it', () => initialised({ plan: 'honeyjar', probe: ['bullmq=redis://127.0.0.1:6379?queue=mail'] }, ({ text }) => {
    assert.match(text('scaleplan/plan.yaml'), /^ {2}- queue\.depth\.avg < 50$/m);
  }));

  it('writes no password: it becomes a variable of the environment', () => initialised({ target: 'http://u:t0psecret@127.0.0.1:3000', probe: ['postgres=postgres://sp:db@127.0.0.1:5432/db', 'redis=redis://127.0.0.1:6379'] }, ({ text, out }) => {
    assert.match(text('scaleplan.config.yaml'), /postgres: "postgres:\/\/sp:\$\{POSTGRES_PASSWORD\}@127\.0\.0\.1:5432\/db"/);
    assert.match(text('.github/workflows/scaleplan.yml'), /POSTGRES_PASSWORD: \$\{\{ secrets\.POSTGRES_PASSWORD \}\}/);
    assert.match(out, /Set POSTGRES_PASSWORD, TARGET_PASSWORD/);
    assert.doesNotMatch(FILES.map(text).join('') + out, /t0psecret/);
  }));
});

describe('init in a terminal', () => {
  it('asks for what no flag says, and an empty answer is the default', async () => {
    const asked: string[] = [];
    const answers = ['stolen-tee', '', 'http://127.0.0.1:8080', join(DATA, 'visit.har')];
    await initialised({ users: '700' }, ({ text }) => {
      assert.match(text('scaleplan/plan.yaml'), /^extends: stolen-tee$/m);
      assert.match(text('scaleplan.config.yaml'), /^target: "http:\/\/127\.0\.0\.1:8080"$/m);
      assert.match(text('scaleplan.config.yaml'), /^phase: "2"$/m);
    }, { ask: async (question) => { asked.push(question); return asked.length === 1 ? answers[0] ?? '' : asked.length === 2 ? answers[2] ?? '' : answers[3] ?? ''; } });
    assert.equal(asked.length, 3);
    assert.match(asked[0] ?? '', /\[ventures\] $/);
  });
});

describe('init with files that are none', () => {
  it('says what is wrong, with the place where there is one, and writes nothing', async () => {
    const path = mkdtempSync(join(tmpdir(), 'scaleplan-init-'));
    try {
      const { host } = recordingHost({ cwd: path });
      writeFileSync(join(path, 'bad.har'), '{"log": {}}');
      writeFileSync(join(path, 'bad.yaml'), 'paths:\n  - {');
      writeFileSync(join(path, 'other.yaml'), 'kind: Deployment');
      for (const [flags, says] of [
        [{ har: 'bad.har' }, /no HAR recording/], [{ har: 'none.har' }, /cannot be read/], [{ openapi: 'bad.yaml' }, /bad\.yaml:2:\d/], [{ openapi: 'other.yaml' }, /no OpenAPI description/],
        [{ plan: 'venture' }, /did you mean "ventures"/], [{ target: 'localhost' }, /not an http or https URL/], [{ id: 'My Shop' }, /no id/], [{ har: 'a', openapi: 'b' }, /from one file/],
      ] as const) {
        await assert.rejects(init(flags, host), (error) => error instanceof ScaleplanError && error.exitCode === 2 && says.test(error.message), String(says));
      }
      assert.equal(existsSync(join(path, 'scaleplan.config.yaml')), false);
    } finally {
      rmSync(path, { recursive: true, force: true });
    }
  });
});
