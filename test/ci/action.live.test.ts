import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as { inputs: Record<string, { description?: string; default?: string }>; outputs: Record<string, { value: string }>; runs: { using: string; steps: Step[] } };
const page = readFileSync(join(root, 'docs/ci.md'), 'utf8');

/** Every step of every workflow that the page shows. */
const shown = [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].flatMap(([, text = '']) => Object.values((parse(text) as { jobs: Record<string, { steps: Step[] }> }).jobs).flatMap(({ steps }) => steps));

describe('the action', () => {
  it('pins every action it uses to a version, and so does the page', () => {
    const uses = [...action.runs.steps, ...shown].flatMap((step) => step.uses ?? []);
    assert.ok(uses.length >= 8);
    for (const one of uses) assert.match(one, /^[\w-]+\/[\w/-]+@v\d+\.\d+\.\d+$/);
  });

  it('hands inputs to its scripts by the environment: what an input holds is never run', () => {
    for (const { run } of action.runs.steps) assert.doesNotMatch(run ?? '', /\$\{\{/);
  });

  it('has a description for every input, and a row for each on the page', () => {
    for (const [name, { description }] of Object.entries(action.inputs)) {
      assert.ok(description, name);
      assert.match(page, new RegExp(`^\\|[^|]*\`${name}\``, 'm'));
    }
    for (const name of shown.filter(({ uses }) => uses?.includes('/scaleplan@')).flatMap((step) => Object.keys(step.with ?? {}))) assert.ok(name in action.inputs, name);
  });

  it('runs what the inputs say: flags, baseline where there is one, and the exit code as its output', () => {
    const { code, output, out } = runStep('run', { INPUT_PHASE: '2', INPUT_PLAN: 'stolen-tee', INPUT_SUITE: 'unit load', INPUT_ARGS: '--dry-run --json', INPUT_TARGET: 'http://127.0.0.1:3000', INPUT_BASELINE: 'main' });
    assert.equal(code, 0, out);
    assert.deepEqual(output, { 'exit-code': '0', run: '' });
    const { plan, target, steps } = JSON.parse(out) as { plan: { phase: string }; target: string; steps: { suite: string }[] };
    assert.deepEqual([plan.phase, target, [...new Set(steps.map(({ suite }) => suite))]], ['2', 'http://127.0.0.1:3000', ['unit', 'load']]);
    const wrong = runStep('run', { INPUT_PHASE: '99' });
    assert.deepEqual([wrong.code, wrong.output['exit-code']], [2, '2']);
    // A name that the folder of runs does not know would end the first run of all with 2; one that it knows is asked for.
    const known = runStep('run', { INPUT_PHASE: '2', INPUT_BASELINE: 'main', INPUT_ARGS: '--target http://127.0.0.1:9' }, { 'reports/baselines.json': '{"formatVersion":1,"baselines":{"main":{"runs":["gone"],"setAt":"x"}}}' });
    assert.equal(known.code, 2);
    assert.match(known.err, /run gone of the baseline main is gone/);
  });

  it('keeps the newest runs of the main branch, without their pages, and names them', () => {
    const runs = ['20260101T100000Z-a', '20260102T100000Z-b', '20260103T100000Z-c'];
    const files = Object.fromEntries(runs.flatMap((id) => [[`reports/${id}/run.json`, '{}'], [`reports/${id}/report.html`, '<p>']]));
    const { code, err, left } = runStep('baseline', { INPUT_BASELINE: 'main', INPUT_KEEP_RUNS: '2' }, files, (folder) => ({
      runs: runs.filter((id) => existsSync(join(folder, 'reports', id, 'run.json'))), pages: runs.filter((id) => existsSync(join(folder, 'reports', id, 'report.html'))),
      set: (JSON.parse(readFileSync(join(folder, 'reports/baselines.json'), 'utf8')) as { baselines: { main: { runs: string[] } } }).baselines.main.runs,
    }));
    assert.equal(code, 0, err);
    assert.deepEqual(left, { runs: runs.slice(1), pages: [], set: runs.slice(1) });
  });
});

/** A step's own script under bash, as a runner starts it, in a folder with these files. */
function runStep<T = null>(id: string, env: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}, look?: (folder: string) => T) {
  const folder = mkdtempSync(join(tmpdir(), 'scaleplan-action-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const step = action.runs.steps.find((one) => one.id === id);
    const unset = Object.fromEntries(Object.keys(step?.env ?? {}).map((name) => [name, '']));
    writeFileSync(join(folder, 'output'), '');
    const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', step?.run ?? 'exit 99'], {
      cwd: folder, encoding: 'utf8', env: { ...process.env, ...unset, ...env, GITHUB_ACTION_PATH: root, GITHUB_OUTPUT: join(folder, 'output'), PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` },
    });
    const output = Object.fromEntries(readFileSync(join(folder, 'output'), 'utf8').split('\n').filter(Boolean).map((line) => line.split('='))) as Record<string, string>;
    return { code: status, out: stdout, err: stderr, output, left: look?.(folder) ?? null };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
