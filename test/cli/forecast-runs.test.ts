import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { forecast } from '../../src/cli/commands/forecast.ts';
import type { CapacityTrend, ForecastMilestone, WhatIf } from '../../src/model/forecast.ts';
import type { Run } from '../../src/model/run.ts';
import { lightRun } from '../capacity/light-run.ts';
import { START_MS } from '../judge/facts.ts';
import { recordingHost } from './recording-host.ts';

const cwd = mkdtempSync(join(tmpdir(), 'scaleplan-forecast-runs-'));
after(() => rmSync(cwd, { recursive: true }));

const DAY_MS = 86_400_000;

/** A run of some 16 requests/s that stayed far below its edge, stored as scaleplan stores it. */
function keep(id: string, more: { readonly daysLater?: number; readonly pool?: number; readonly servers?: readonly string[]; readonly plan?: string; readonly probes?: boolean } = {}): string {
  const { steps, samples, ...facts } = lightRun({ pool: more.pool ?? 5, probes: more.probes ?? true });
  const laterMs = (more.daysLater ?? 0) * DAY_MS;
  const run: Omit<Run, 'steps' | 'samples'> = {
    ...facts, id, startedAtMs: START_MS + laterMs, endedAtMs: facts.endedAtMs + laterMs, plan: { id: more.plan ?? 'ventures', phase: '2', file: 'ventures.yaml' },
    target: { url: 'http://127.0.0.1:1', demo: null, servers: more.servers ?? ['PostgreSQL 18'] }, configuration: { ratePerSec: 16 },
  };
  const stored = steps.map(({ intervals: _, ...step }) => ({ ...step, startedAtMs: step.startedAtMs + laterMs, endedAtMs: step.endedAtMs + laterMs }));
  const lines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const folder = join(cwd, 'reports', id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ formatVersion: 1, facts: { ...run, steps: stored } }));
  writeFileSync(join(folder, 'intervals.ndjson'), lines(steps.flatMap(({ intervals }, step) => intervals.map((one) => ({ step, ...one, startedAtMs: one.startedAtMs + laterMs })))));
  writeFileSync(join(folder, 'samples.ndjson'), lines(samples.map((sample) => ({ ...sample, atMs: sample.atMs + laterMs }))));
  return id;
}

interface Shown {
  readonly milestones: readonly ForecastMilestone[];
  readonly notes: readonly string[];
  readonly capacityTrend?: CapacityTrend;
  readonly whatIf?: WhatIf;
}

const USERS = { users: '420', growth: '8%/month', starting: '2026-01-01', output: join(cwd, 'reports') } as const;

async function printed(flags: Parameters<typeof forecast>[0]): Promise<string> {
  const { host, out } = recordingHost({ cwd });
  assert.equal(await forecast({ ...USERS, ...flags }, host), 0);
  return out();
}

async function shown(flags: Parameters<typeof forecast>[0]): Promise<Shown> {
  return JSON.parse(await printed({ ...flags, json: true })) as Shown;
}

test('a test that stayed below the edge moves the milestone of its bottleneck to where it predicts it, beside the plan’s figure', async () => {
  const { milestones, notes } = await shown({ from: [keep('light')] });
  const found = milestones.find(({ id }) => id === 'db-connections') ?? assert.fail();
  // 5 connections ÷ 73 ms = 68 requests/s at the very most, and a user makes one.
  assert.ok(found.planUsers === 500 && found.users.mid > 3300 && found.users.mid < 4200 && found.users.low < found.users.mid, JSON.stringify(found.users));
  assert.ok(notes.some((note) => /db-connections: the plan says 500 users, predicted about/.test(note)), notes.join('\n'));
});

test('a run that shows nothing says why', async () => {
  const { notes } = await shown({ from: [keep('blind', { probes: false })] });
  assert.ok(notes.some((note) => /blind shows no capacity: no probe read how busy/.test(note)), notes.join('\n'));
});

test('--with: the model with one resource changed, said to be a model, and the milestone re-dated by it', async () => {
  const { whatIf, milestones } = await shown({ from: [keep('light')], with: 'pool=10' });
  const [limit] = whatIf?.limits ?? [];
  assert.ok(limit?.now && limit.after.mid > 1.9 * limit.now.mid, JSON.stringify(whatIf));
  assert.equal(milestones.find(({ id }) => id === 'db-connections')?.users.mid, limit.after.mid);
  const text = await printed({ from: ['light'], with: 'pool=10' });
  assert.match(text, /What if pool=10\n {2}by the model of the run, not measured\n {2}the database pool: [\d,]+ \([\d,]+–[\d,]+\) → [\d,]+ \([\d,]+–[\d,]+\) users/);
  for (const line of text.split('\n')) assert.ok(line.length <= 80, line);
});

test('several runs over months: whether capacity itself grows or shrinks', async () => {
  const names = [keep('month-1', { pool: 10 }), keep('month-2', { pool: 7, daysLater: 31 }), keep('month-3', { pool: 5, daysLater: 61 })];
  const { capacityTrend } = await shown({ from: names });
  assert.equal(capacityTrend?.direction, 'shrinking');
  assert.deepEqual(capacityTrend.runs.map(({ id }) => id), names);
  assert.match(await printed({ from: names }), /Capacity itself\n[^]*it shrinks: −\d+ % a month/);
});

test('two runs of one afternoon show no trend', async () => {
  assert.equal((await shown({ from: [keep('light'), keep('again', { daysLater: 0.1 })] })).capacityTrend, undefined);
});

test('runs of different plans are refused, of different targets or versions unless they are forced together', async () => {
  const [one, other] = [keep('old', { servers: ['PostgreSQL 15'], daysLater: 40 }), keep('light')];
  await assert.rejects(() => printed({ from: [one, other] }), { code: 'wrong-usage', message: /different versions of the servers: PostgreSQL 18 and PostgreSQL 15/ });
  const { notes, capacityTrend } = await shown({ from: [one, other], mixed: true });
  assert.ok(notes.some((note) => /Taken together all the same/.test(note)) && capacityTrend !== undefined, notes.join('\n'));
  await assert.rejects(() => printed({ from: [keep('walls', { plan: 'walls' })], mixed: true }), { code: 'wrong-usage', message: /made by the plan walls/ });
});

test('--with needs a run, and names that exist', async () => {
  await assert.rejects(() => printed({ with: 'pool=10' }), { code: 'wrong-usage', message: /--with changes a resource of a run/ });
  await assert.rejects(() => printed({ from: [keep('light')], with: 'pond=10' }), { code: 'wrong-usage', message: /knows no "pond"/ });
});
