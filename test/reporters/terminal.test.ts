import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { Chalk } from 'chalk';
import { widthOf } from '../../src/reporters/layout.ts';
import { counterSigns } from '../../src/reporters/terminal-diagnosis.ts';
import { terminal } from '../../src/reporters/terminal.ts';
import { assertGolden } from './golden.ts';
import { SAMPLES, sampleReport, type SampleName } from './sample-report.ts';

async function rendered(name: SampleName, columns: number, level: 0 | 1 = 0): Promise<string> {
  return terminal.render(sampleReport(name), { chalk: new Chalk({ level }), columns });
}

const names = Object.keys(SAMPLES) as SampleName[];

for (const name of names) {
  test(`${name}: reads as recorded at 80 columns`, async () => assertGolden(`terminal-${name}-80.txt`, await rendered(name, 80)));

  test(`${name}: no line is wider than the terminal, and none ends in a space`, async () => {
    for (const columns of [60, 80, 100, 120, 200]) {
      for (const line of (await rendered(name, columns)).split('\n')) {
        // The path is there to be copied and is never broken.
        if (!line.startsWith('Report: ')) assert.ok(widthOf(line) <= columns, `${columns}: ${line}`);
        assert.equal(line, line.trimEnd());
      }
    }
  });
}

test('at 120 columns every threshold has the section it comes from', async () => {
  const text = await rendered('failed', 120);
  assertGolden('terminal-failed-120.txt', text);
  assert.match(text, /http\.p95\{journey=dashboard\}.*< 500 ms.*✗ \+23 %.*§SLA targets/);
});

test('a milestone hit before the plan expects it is so many users early; beyond its figure nothing is said of when it began', async () => {
  const failed = sampleReport('failed');
  const at = async (hitAtUsers: number): Promise<string> => terminal.render({
    ...failed,
    diagnosis: { ...failed.diagnosis, bottlenecks: failed.diagnosis.bottlenecks.map((one) => ({ ...one, milestone: one.milestone && { ...one.milestone, hitAtUsers, usersEarly: one.milestone.users - hitAtUsers } })) },
  }, { chalk: new Chalk({ level: 0 }), columns: 120 });
  assert.match(await at(340), /\(expected at 500 users, hit at 340: 160 users early\)/);
  assert.match(await at(900), /\(expected at 500 users\)/);
});

test('without colour there is no escape character; with it the words are the same', async () => {
  const [plain, coloured] = [await rendered('failed', 80), await rendered('failed', 80, 1)];
  assert.ok(!plain.includes('\u001b'));
  assert.ok(coloured.includes('\u001b['));
  assert.equal(stripVTControlCharacters(coloured), plain);
});

test('what a server or a plan says cannot move the cursor, set a title or turn the writing', async () => {
  const text = await rendered('hostile', 80);
  // oxlint-disable-next-line no-control-regex -- that is what must not be there
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  assert.ok(!text.includes('owned'), 'a title that was to be set is gone as a whole');
});

test('a milestone that was hit comes with what speaks for it, against it, the remedy, and what is next', async () => {
  const text = await rendered('failed', 80);
  assert.match(text, /^Milestone hit: database connections \(expected at 500 users\) {3}confidence 0\.\d\d$/m);
  assert.match(text, /^ {2}for +45 requests wait/m);
  assert.match(text, /^ {2}against +/m);
  assert.match(text, /^ {2}remedy +pool connections .*due by 400 users, 1–2 weeks,$/m);
  assert.match(text, /^Next: Qdrant vector search at 2,000 users/m);
  assert.match(text, /^Report: reports\/.*\/report\.html$/m);
});

test('what speaks against the look-alikes of one cause is not told again for the next', () => {
  const report = sampleReport('failed');
  const [first] = report.diagnosis.bottlenecks;
  assert.ok(first);
  const against = (text: string): typeof first.evidence[number] => ({ for: false, text, metric: 'host.cpu', observed: 1, limit: 2 });
  const second = { ...first, id: 'host-cpu' as const, status: 'approaching' as const, milestone: null, evidence: [...first.evidence.filter((sign) => !sign.for), against('only here')] };
  assert.deepEqual(counterSigns([first, second], 1), ['only here', 'its other look-alikes: as above']);
  assert.deepEqual(counterSigns([first, second], 0), first.evidence.filter((sign) => !sign.for).map(({ text }) => text));
});
