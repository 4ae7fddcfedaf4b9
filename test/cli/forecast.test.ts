import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { forecast } from '../../src/cli/commands/forecast.ts';
import { parseCsv } from '../reporters/parse-csv.ts';
import { recordingHost } from './recording-host.ts';

const cwd = mkdtempSync(join(tmpdir(), 'scaleplan-forecast-'));
after(() => rmSync(cwd, { recursive: true }));

type Flags = Parameters<typeof forecast>[0];

async function printed(flags: Flags): Promise<string> {
  const { host, out } = recordingHost({ cwd });
  assert.equal(await forecast(flags, host), 0);
  return out();
}

const USERS = `date,users\n${Array.from({ length: 12 }, (_, month) => `2025-${String(month + 1).padStart(2, '0')}-01,${Math.round(180 * 1.08 ** month) + (month % 3)}`).join('\n')}\n`;
writeFileSync(join(cwd, 'users.csv'), USERS);

test('for people: the growth, the plain words, each milestone with its day and what is late', async () => {
  const text = await printed({ users: '420', growth: '8%/month', starting: '2026-01-01' });
  assert.match(text, /^ventures · forecast from 420 users on 2026-01-01, 8%\/month\n/);
  assert.match(text, /\n {2}500 users · database connections · 2026-03-11\n {4}late: begin by 2025-11-28\n/);
  assert.match(text, /\n {2}▸ 1 {2}Foundation · 100–500 users · the plan: weeks 1-6\n {4}2 {2}Vector & search · 500–2,000 users · from 2026-03-11 · the plan: weeks\n {7}7-12\n/);
  assert.match(text, /\n {2}2026-01-01 +420 users +\$440 +\$1\.05 a user +interpolated\n/);
  for (const line of text.split('\n')) assert.ok(line.length <= 80 && line === line.trimEnd(), line);
});

test('a growth that leads nowhere says so in words, not in dates', async () => {
  const text = await printed({ users: '420', growth: '-3%/month', starting: '2026-01-01' });
  assert.match(text, /no milestone ahead\s+is ever reached/);
  assert.match(text, /500 users · database connections · never at this growth\n/);
  assert.doesNotMatch(text, /begin by/);
});

test('without --starting it begins on the UTC day of the clock', async () => {
  const { host, out } = recordingHost({ cwd, now: () => Date.UTC(2026, 4, 31, 23, 59) });
  await forecast({ users: '420', growth: '8%/month', json: true }, host);
  assert.equal((JSON.parse(out()) as { now: { date: string } }).now.date, '2026-05-31');
});

test('--json has the keys of the contract', async () => {
  const shown = JSON.parse(await printed({ users: '420', growth: '8%/month', starting: '2026-01-01', json: true })) as Record<string, any>;
  assert.deepEqual(Object.keys(shown), ['plan', 'title', 'now', 'growth', 'milestones', 'passed', 'phases', 'costs', 'users', 'notes']);
  const [first] = shown['milestones'];
  for (const key of ['id', 'bottleneck', 'users', 'date', 'beginBy', 'late', 'costMonthlyUsd']) assert.ok(key in first, key);
  assert.deepEqual([shown['now'], first.bottleneck, first.date.mid, first.late], [{ date: '2026-01-01', users: 420 }, 'db-connections', '2026-03-11', true]);
});

test('--csv has a row for each milestone, phase and month', async () => {
  const rows = parseCsv(await printed({ users: '420', growth: '8%/month', starting: '2026-01-01', csv: true }));
  const kinds = rows.map((row) => row['kind']);
  assert.deepEqual([kinds.filter((kind) => kind === 'milestone').length, kinds.filter((kind) => kind === 'phase').length], [5, 3]);
  assert.ok(kinds.filter((kind) => kind === 'month').length > 48);
  const first = rows[0] ?? assert.fail();
  assert.deepEqual([first['id'], first['users'], first['date'], first['begin_by'], first['late'], first['monthly_usd_max']], ['db-connections', '500', '2026-03-11', '2025-11-28', '1', '500']);
});

test('from a CSV of users: their number, their growth, and dates with an interval', async () => {
  const shown = JSON.parse(await printed({ growth: 'users.csv', starting: '2026-01-01', json: true })) as Record<string, any>;
  assert.equal(shown['growth'].model, 'exponential');
  assert.ok(Math.abs(shown['growth'].perMonth - 8) < 0.5, shown['growth'].perMonth);
  assert.ok(Math.abs(shown['now'].users - 453) < 10);
  const [{ date }] = shown['milestones'];
  assert.ok(date.low < date.mid && date.mid < date.high);
  assert.equal(shown['growth'].fit.lastDay, '2025-12-01');
});

test('other columns, semicolons, quotes and a byte order mark are no hindrance', async () => {
  writeFileSync(join(cwd, 'export.csv'), `\uFEFFregion;Date;Users\r\n${USERS.split('\n').slice(1, 13).map((line) => line.replace(/(.*),(.*)/, 'eu;"$1";"$2"')).join('\r\n')}\r\n`);
  const [one, other] = await Promise.all(['users.csv', 'export.csv'].map((growth) => printed({ growth, starting: '2026-01-01' })));
  assert.equal(other, one);
});

test('--html writes one page that opens from disk and loads nothing', async () => {
  await printed({ growth: 'users.csv', starting: '2026-01-01', html: 'out/forecast.html' });
  const page = readFileSync(join(cwd, 'out/forecast.html'), 'utf8');
  assert.match(page, /<h2>Milestones ahead<\/h2>/);
  assert.match(page, /Content-Security-Policy" content="default-src 'none'/);
  assert.doesNotMatch(page, /<(?:link|script|img|iframe)[^>]*\s(?:src|href)=|@import|url\(/i);
  const [, data = ''] = /id="chart-data">([^<]*)</.exec(page) ?? [];
  const { times, charts } = JSON.parse(data) as { times: number[]; charts: { id: string; lines: { label: string; values: number[] }[] }[] };
  assert.deepEqual(charts.map(({ id, lines }) => [id, lines.map(({ label }) => label)]), [['users', ['users', 'at least', 'at most']], ['cost', ['cost']]]);
  for (const { lines } of charts) for (const { values } of lines) assert.equal(values.length, times.length);
});

const refused: readonly [title: string, flags: Flags, message: RegExp][] = [
  ['no growth', { users: '5' }, /No growth was named/],
  ['no users', { growth: '8%/month' }, /No number of users was named/],
  ['a growth that is none', { users: '5', growth: 'fast' }, /--growth fast is no growth/],
  ['users below none', { users: '-5', growth: '8%/month' }, /--users -5 is no positive whole number/],
  ['half a user', { users: '2.5', growth: '8%/month' }, /--users 2\.5/],
  ['a day that is none', { users: '5', growth: '8%/month', starting: '2026-02-30' }, /--starting 2026-02-30 is no day/],
  ['a file that is not there', { growth: 'usres.csv' }, /usres\.csv: no such file; did you mean "users\.csv"/],
  ['an unknown plan', { plan: 'venturs', users: '5', growth: '8%/month' }, /unknown plan "venturs"/],
];

for (const [title, flags, message] of refused) {
  test(`refuses ${title}`, async () => assert.rejects(forecast(flags, recordingHost({ cwd }).host), { message, exitCode: 2 }));
}

const tables: readonly [title: string, text: string, message: RegExp][] = [
  ['an empty file', '\n', /bad\.csv:1:1 {2}the file is empty/],
  ['other columns', 'day,count\n2025-01-01,5\n', /bad\.csv:1:1 {2}expected the columns date and users, got day, count/],
  ['too few readings', 'date,users\n2025-01-01,5\n2025-02-01,6\n', /2 readings; a trend and its error need at least 3/],
  ['every wrong cell at once', 'date,users\n2025-01-01,5\n2025-02-31,6\n2025-03-01,-7\n2025-01-01,8\n', /bad\.csv:3:1 {2}expected a day .*"2025-02-31"\n.*bad\.csv:4:1 {2}expected a number of users .*"-7"\n.*bad\.csv:5:1 {2}2025-01-01 stands here a second time/],
];

for (const [title, text, message] of tables) {
  test(`a table with ${title} is refused with its line`, async () => {
    writeFileSync(join(cwd, 'bad.csv'), text);
    await assert.rejects(forecast({ growth: 'bad.csv' }, recordingHost({ cwd }).host), { message, exitCode: 2 });
  });
}
