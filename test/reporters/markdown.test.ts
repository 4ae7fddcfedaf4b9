import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdown, markdownReport } from '../../src/reporters/markdown.ts';
import { assertGolden } from './golden.ts';
import { reportWithBaseline, SAMPLES, sampleReport, type SampleName } from './sample-report.ts';

const names = Object.keys(SAMPLES) as SampleName[];

test('summary.md is as recorded', () => assertGolden('summary.md', markdown.render(sampleReport('failed'))));

for (const name of names) {
  test(`${name}: every table has as many cells in each row as in its head, and what is folded is closed`, () => {
    const text = markdown.render(sampleReport(name));
    const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length;
    for (const block of text.split('\n\n').filter((one) => one.startsWith('|'))) {
      const lines = block.trimEnd().split('\n');
      assert.equal(new Set(lines.map(cells)).size, 1, block);
    }
    assert.equal(text.split('<details>').length, text.split('</details>').length);
  });

  test(`${name}: begins with the verdict in a word and a sentence`, () => {
    const [head, , sentence] = markdown.render(sampleReport(name)).split('\n');
    assert.match(head ?? '', /^## \S+ (PASS|FAIL|INCONCLUSIVE|INVALID|INTERRUPTED) · ventures · phase 2 /);
    assert.match(sentence ?? '', /^\*\*.{20,}\*\*$/);
  });
}

test('hostile texts become neither tags nor mentions, links, cells or headings', () => {
  const text = markdown.render(sampleReport('hostile'));
  // oxlint-disable-next-line no-control-regex -- that is what must not be there
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
  const tags = [...text.matchAll(/<\/?([\w!-]+)/g)].map(([, tag]) => tag);
  assert.deepEqual(new Set(tags), new Set(['br', 'code', 'details', 'sub', 'summary']));
  assert.doesNotMatch(text, /@SUM/, 'a mention');
});

test('what breaks off a step early is said', () => {
  const report = sampleReport('passed');
  const steps = report.run.steps.map((step) => (step.suite === 'load' ? { ...step, outcome: { status: 'stopped' as const, reason: 'no request succeeded for 20 s' } } : step));
  assert.match(markdown.render({ ...report, run: { ...report.run, steps } }), /load: the load suite was ended early to spare the target: no request succeeded for 20 s/);
});

test('too long for its place, it loses facts and passes before the verdict, and says so', () => {
  const report = sampleReport('failed');
  const whole = markdown.render(report);
  for (const most of [600, 1500, 4000, 8000]) {
    const text = markdownReport(report, most);
    assert.ok(Buffer.byteLength(text) <= most, `${Buffer.byteLength(text)} of ${most}`);
    assert.ok(text.length < whole.length);
    assert.match(text, /^## ❌ FAIL[\s\S]*Left out here for its length; report\.html has it all/);
  }
  assert.match(markdownReport(report, 4000), /612|616 ms[\s\S]*Milestone hit/);
  assert.doesNotMatch(whole, /Left out/);
});

test('a regression against the baseline stands in the sentence and in a table', () => {
  const text = markdown.render(reportWithBaseline());
  assert.match(text, /^## ❌ FAIL[^\n]*\n\n\*\*All 26 required thresholds passed .* Against the baseline 1 figure is worse\.\*\*/);
  assert.match(text, /### Against the baseline\n\n[\s\S]*\| load · dashboard p95 .* \| worse \|/);
  assert.doesNotMatch(text, /<b>/);
});
