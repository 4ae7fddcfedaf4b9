import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { forecast } from '../../src/cli/commands/forecast.ts';
import type { CapacityTrend, ForecastMilestone, WhatIf } from '../../src/model/forecast.ts';
import type { Run } from '../../src/model/run.ts';
import { lightRun } from '../capacity/light-run.ts';
import { START_MS } from '../judge/facts.ts';
import { parseCsv } from '../reporters/parse-csv.ts';
import { recordingHost } from './recording-host.ts';
import { CLIMB, searched } from './searched-run.ts';

const cwd = mkdtempSync(join(tmpdir(), 'scaleplan-forecast-runs-'));
after(() => rmSync(cwd, { recursive: true }));

const DAY_MS = 86_400_000;

interface Kept {
  readonly daysLater?: number;
  readonly pool?: number;
  readonly servers?: readonly string[];
  readonly plan?: string;
  readonly probes?: boolean;
  readonly more?: Partial<Run>;
}

/** A run of some 16 requests/s that stayed far below its edge, stored as scaleplan stores it. */
function keep(id: string, { daysLater, pool = 5, servers = ['PostgreSQL 18'], plan = 'ventures', probes = true, more }: Kept = {}): string {
  const target = { url: 'http://127.0.0.1:1', demo: null, servers };
  return store({ ...lightRun({ pool, probes }), id, plan: { id: plan, phase: '2', file: 'ventures.yaml' }, target, configuration: { ratePerSec: 16 }, ...more }, daysLater);
}

function store(run: Run, daysLater = 0): string {
  const { steps, samples, ...facts } = run;
  const laterMs = daysLater * DAY_MS;
  const stored = steps.map(({ intervals: _, ...step }) => ({ ...step, startedAtMs: step.startedAtMs + laterMs, endedAtMs: step.endedAtMs + laterMs }));
  const lines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const folder = join(cwd, 'reports', run.id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ formatVersion: 1, facts: { ...facts, startedAtMs: START_MS + laterMs, endedAtMs: facts.endedAtMs + laterMs, steps: stored } }));
  writeFileSync(join(folder, 'intervals.ndjson'), lines(steps.flatMap(({ intervals }, step) => intervals.map((one) => ({ step, ...one, startedAtMs: one.startedAtMs + laterMs })))));
  writeFileSync(join(folder, 'samples.ndjson'), lines(samples.map((sample) => ({ ...sample, atMs: sample.atMs + laterMs }))));
  return run.id;
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

test('runs of other phases, of a search that is sized for one, of other machines and of other versions that a probe read are refused', async () => {
  const light = keep('light');
  const demo = { url: 'http://127.0.0.1:2', demo: 'db-connections', servers: ['PostgreSQL 18'] } as const;
  const own = (detail: string): Partial<Run> => ({ target: { url: 'http://127.0.0.1:3000', demo: null, servers: [] }, probes: [{ kind: 'postgres', status: 'ok', detail, missedTicks: 0 }] });
  const pairs: readonly (readonly [string, string, RegExp])[] = [
    [light, keep('third', { more: { plan: { id: 'ventures', phase: '3', file: 'ventures.yaml' } } }), /different phases: 2 and 3/],
    [keep('demo', { more: { target: demo } }), keep('search', { more: { target: demo, stress: { by: 'rate', startLoad: 16, mostLoad: null, stoppedBy: null, notes: [] } } }), /with db-connections and the reference application with db-connections, sized for a search/],
    [keep('laptop', { more: { environment: { cpu: 'M4', cores: 10 } } }), keep('ci', { more: { environment: { cpu: 'Xeon', cores: 2 } } }), /different processors: M4 and Xeon/],
    [keep('own-15', { more: own('PostgreSQL 15.18, primary, role monitor') }), keep('own-18', { more: own('PostgreSQL 18.1, primary') }), /different versions of postgres: PostgreSQL 15\.18 and PostgreSQL 18\.1/],
  ];
  for (const [one, other, message] of pairs) await assert.rejects(() => printed({ from: [one, other] }), { code: 'wrong-usage', message });
  // What an older version did not write down is no difference.
  await shown({ from: [light, keep('known', { more: { environment: { cpu: 'M4', cores: 10 } } })] });
});

test('the plan of another run is named as it can be found', async () => {
  const file = join(cwd, 'shop.yaml');
  writeFileSync(file, 'id: shop\n');
  const hint = (given: RegExp) => (error: unknown): boolean => error instanceof Error && 'hint' in error && typeof error.hint === 'string' && given.test(error.hint);
  await assert.rejects(() => printed({ from: [keep('shop', { more: { plan: { id: 'shop', phase: '1', file } } })] }), hint(/--plan \/.*shop\.yaml$/));
  await assert.rejects(() => printed({ from: [keep('moved', { more: { plan: { id: 'shop', phase: '1', file: '/gone/shop.yaml' } } })] }), hint(/it was \/gone\/shop\.yaml/));
});

test('only the newest run says where the limits are; what an older one found counts for the trend', async () => {
  const { milestones, notes, capacityTrend } = await shown({ from: [keep('first', { pool: 3 }), keep('later', { pool: 6, daysLater: 40 })] });
  assert.equal(milestones.find(({ id }) => id === 'db-connections')?.run, 'later');
  assert.ok(notes.some((note) => /^first: .*a newer run says/.test(note)), notes.join('\n'));
  assert.equal(capacityTrend?.runs.length, 2);
});

test('a limit that the users have passed is the first line of all', async () => {
  const text = await printed({ from: [keep('light')], users: '5000' });
  assert.match(text, /Milestones ahead\n {2}about [\d,]+ \([\d,]+–[\d,]+\) users, predicted; the plan says 500 · [^]*?overdue\n {4}5,000 users are more than that already\n/);
  assert.match(text, /Behind 5,000 users by the figures of ventures, and not shown otherwise: qdrant\./);
});

test('the page has the limit that was passed, who says so, the weeks of the plan, and what the change does', async () => {
  await printed({ from: [keep('light')], users: '5000', with: 'pool=6', html: 'page.html' });
  const page = readFileSync(join(cwd, 'page.html'), 'utf8');
  for (const text of ['by the model with the change; the plan says 500', '<h2>What if pool=6</h2>', 'Then first: database connections at about', 'weeks 7-12', 'Behind 5,000 users by the figures of ventures']) assert.ok(page.includes(text), text);
  assert.match(page, /<span class="fail-text">overdue<\/span>/);
});

test('--from that names no run is refused, and not taken for a forecast without one', async () => {
  for (const from of ['', ',', ' ']) await assert.rejects(() => printed({ from: [from] }), { code: 'wrong-usage', message: /--from names no run/ });
});

test('what a search carried refutes a milestone that the plan has earlier: no day to begin on lies behind us, and phases end below it', async () => {
  const search = store({ ...searched([...CLIMB, [56, 'confirm', 62]]), id: 'search' });
  const { milestones, notes } = await shown({ from: [search] });
  const [refuted] = milestones;
  assert.deepEqual([refuted?.id, refuted?.carried, refuted?.beginBy, refuted?.late], ['db-connections', { users: 3360, run: 'search' }, null, false]);
  assert.ok(milestones.some(({ id, basis }) => id === 'first-limit' && basis === 'measured') && milestones.some(({ id, basis }) => id === 'node-cpu' && basis === 'predicted'), JSON.stringify(milestones));
  assert.ok(notes.some((note) => /measured about [\d,]+ users \(3,360–[\d,]+\) by search; what broke, it does not show/.test(note)), notes.join('\n'));
  const text = await printed({ from: [search] });
  assert.match(text, /\n {2}500 users · database connections · not before \d{4}-\d\d-\d\d\n {4}3,360 users were carried without it by search\n/);
  assert.match(text, /▸ 1 {2}Foundation [^]*?carried: it ends below the measured limit of [^]*3 {2}Distributed systems [^]*?not carried to its end: beyond the measured/);
});

test('what was measured and what was predicted do not make one trend', async () => {
  const own = { url: 'http://127.0.0.1:1', demo: null, servers: [] };
  const names = [keep('predicts', { more: { target: own } }), store({ ...searched([...CLIMB, [56, 'confirm', 62]]), id: 'measures' }, 40)];
  const { capacityTrend, notes } = await shown({ from: names });
  assert.equal(capacityTrend, undefined);
  assert.ok(notes.some((note) => /Left out of the trend, because they predict .* and the newest run measured it: predicts/.test(note)), notes.join('\n'));
});

test('a run without a load says that, and no harm is made up', async () => {
  const { notes } = await shown({ from: [keep('unit', { more: { suites: ['unit'] } })] });
  assert.ok(notes.some((note) => /unit shows no capacity: it has no load to learn from, only the suite unit/.test(note)), notes.join('\n'));
});

test('--csv has the bounds, the basis, the limit of each phase, the what-if and the trend', async () => {
  const rows = parseCsv(await printed({ from: [keep('first', { pool: 3 }), keep('later', { pool: 6, daysLater: 40 })], with: 'pool=10', csv: true }));
  const of = (kind: string): Record<string, string> => rows.find((row) => row['kind'] === kind) ?? assert.fail(kind);
  const moved = rows.find((row) => row['id'] === 'db-connections') ?? assert.fail();
  assert.deepEqual([moved['basis'], moved['plan_users'], moved['run'], of('phase')['limit_status'], of('phase')['timeline']], ['what-if', '500', 'later', 'within', 'weeks 1-6']);
  assert.ok(Number(moved['users_low']) < Number(moved['users']) && Number(moved['users']) < Number(moved['users_high']), JSON.stringify(moved));
  assert.ok(Number(of('what-if')['users_now']) < Number(of('what-if')['users']) && Number(of('trend')['percent_per_month']) > 0, JSON.stringify(of('trend')));
  assert.equal(rows.filter((row) => row['kind'] === 'capacity').length, 2);
});

test('--with needs a run, and names that exist', async () => {
  await assert.rejects(() => printed({ with: 'pool=10' }), { code: 'wrong-usage', message: /--with changes a resource of a run/ });
  await assert.rejects(() => printed({ from: [keep('light')], with: 'pond=10' }), { code: 'wrong-usage', message: /knows no "pond"/ });
});
