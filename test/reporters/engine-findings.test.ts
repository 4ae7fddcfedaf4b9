import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import type { Report } from '../../src/model/report.ts';
import type { EngineFinding } from '../../src/model/run.ts';
import { html } from '../../src/reporters/html/page.ts';
import { json } from '../../src/reporters/json.ts';
import { junit } from '../../src/reporters/junit.ts';
import { widthOf } from '../../src/reporters/layout.ts';
import { markdown } from '../../src/reporters/markdown.ts';
import { terminal } from '../../src/reporters/terminal.ts';
import { sampleReport } from './sample-report.ts';

const CROSSED: EngineFinding = { source: 'k6', kind: 'threshold', name: 'http_req_duration: p(95)<5', passed: 0, failed: 1 };
const HELD: EngineFinding = { source: 'k6', kind: 'threshold', name: 'checks: rate>0.9', passed: 1, failed: 0 };
const CHECK: EngineFinding = { source: 'k6', kind: 'check', name: 'has <b>a title</b>', passed: 17, failed: 3 };

/** The passed run, as if a script of its steps had judged so by itself. */
function judgedBy(...findings: readonly EngineFinding[][]): Report {
  const report = sampleReport('passed');
  return { ...report, steps: report.steps.map((step, at) => (findings[at] === undefined ? step : { ...step, engineFindings: findings[at] })) };
}

function terminalText(report: Report, columns: number): string {
  return terminal.render(report, { chalk: new Chalk({ level: 0 }), columns });
}

test('what a script judged by itself stands apart from the plan’s verdicts, what did not hold first, and says that nothing follows from it', () => {
  const text = terminalText(judgedBy([HELD, CHECK, CROSSED]), 100);
  assert.match(text, /PASS/);
  assert.match(text, /Judged by the script itself \(k6\), beside the plan: no verdict and no exit code follows from it/);
  const lines = text.split('\n').filter((line) => /p\(95\)<5|rate>0\.9|has <b>/.test(line));
  assert.deepEqual(lines, ['  ✗ check     has <b>a title</b>: failed 3 of 20', '  ✗ threshold http_req_duration: p(95)<5: crossed', '  ✓ threshold checks: rate>0.9: held']);
  assert.ok(text.split('\n').every((line) => line.startsWith('Report: ') || widthOf(line) <= 100));
});

test('a check of one name in several steps is counted together; a long list is cut on the screen and whole in the page', async () => {
  const many = Array.from({ length: 30 }, (_, at): EngineFinding => ({ ...CHECK, name: `check ${at}` }));
  assert.match(terminalText(judgedBy([CHECK], [CHECK]), 80), /failed 6 of 40/);
  const text = terminalText(judgedBy(many), 80);
  assert.match(text, /and 18 more/);
  assert.match(await html.render(judgedBy(many)), /check 29/);
});

test('Markdown and the page show a table of it, names harmless; JUnit has a testcase of each and turns none red', async () => {
  const report = judgedBy([CROSSED, CHECK]);
  assert.match(markdown.render(report), /\| ⚠️ \| <code>has &lt;b&gt;a title&lt;\/b&gt;<\/code> \| k6 check \| failed 3 of 20 \|/);
  const page = await html.render(report);
  assert.match(page, /<h2>Judged by the script itself<\/h2>/);
  assert.ok(page.includes('has &lt;b&gt;a title') && !page.includes('<b>a title</b></code>'));
  const xml = junit.render(report);
  assert.match(xml, /<testcase name="k6 threshold: http_req_duration: p\(95\)&lt;5"/);
  assert.match(xml, /k6 check: has [^:]*: failed 3 of 20/);
  assert.equal((xml.match(/<failure/g) ?? []).length, 0);
  assert.match(markdown.render(judgedBy([HELD])), /<details>\n<summary>Judged by the script itself/);
});

test('the JSON has it at its step; a run whose scripts judged nothing has no such field, and no word of it anywhere', async () => {
  const { steps } = JSON.parse(json.render(judgedBy([CROSSED]))) as { steps: { engineFindings?: unknown }[] };
  assert.deepEqual(steps[0]?.engineFindings, [CROSSED]);
  assert.ok(steps.slice(1).every((step) => !('engineFindings' in step)));
  for (const text of [terminalText(judgedBy(), 80), markdown.render(judgedBy()), junit.render(judgedBy()), await html.render(judgedBy())]) {
    assert.ok(!/Judged by the script|name="script"/.test(text));
  }
});
