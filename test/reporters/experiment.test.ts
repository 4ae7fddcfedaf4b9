import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import type { ExperimentFindings, Report } from '../../src/model/report.ts';
import { html } from '../../src/reporters/html/page.ts';
import { toContract } from '../../src/reporters/json.ts';
import { terminal } from '../../src/reporters/terminal.ts';
import { sampleReport } from './sample-report.ts';

const felt = { seconds: { from: 30, to: 45 }, requests: 750, errorPercent: 0, errors: {}, p95Ms: 60, throughputPerSec: 50 };

function reportWith(more: Partial<ExperimentFindings>): Report {
  const base = sampleReport('passed');
  const broken = { ...base.verdicts[0], status: 'fail', observed: 4528 } as Report['verdicts'][number];
  return { ...base, exitCode: 1, experiment: {
    name: 'database-latency', what: 'every statement sleeps <2 s>', outcome: 'not-as-expected', summary: '1 of 1 expectations broke while it lasted',
    before: felt, during: { ...felt, seconds: { from: 48, to: 69 }, p95Ms: 4528, errorPercent: 75.7, errors: { 'http-5xx': 727 } }, after: felt,
    verdicts: [broken], recovery: { seconds: 7, watchedSeconds: 45, stuck: ['the job queue still holds 40 jobs'] },
    consistency: { percent: 100, note: '215 of 507 writes made during the experiment were acknowledged' }, notes: [], ...more,
  } };
}

const screen = (report: Report): string => terminal.render(report, { chalk: new Chalk({ level: 0 }), columns: 120, root: '/' });

test('the screen says what users felt, what broke, how long the way back was, and what became of the writes', () => {
  const text = screen(reportWith({}));
  assert.match(text, /FAIL\n.*The experiment\s+database-latency\s+did\s+not\s+go\s+as\s+expected/s);
  assert.match(text, /meanwhile +p95 4,528 ms · 75\.7 % failed \(727 http-5xx\) · 50 answers\/s · 750 requests in 21 s/);
  assert.match(text, /broken +http/);
  assert.match(text, /way back +every expectation held again after 7 s; the job queue still holds 40 jobs/);
  assert.match(text, /writes +215 of 507/);
});

test('one that was not carried out shows no figures', () => {
  const text = screen(reportWith({ outcome: 'not-carried-out', summary: 'it could not be begun: no such container', before: null, during: null, after: null, verdicts: [], recovery: null, consistency: null }));
  assert.match(text, /Not carried out: it could not be begun: no such container/);
  assert.doesNotMatch(text, /meanwhile/);
});

test('the page has the same, as text', async () => {
  const page = await html.render(reportWith({}));
  assert.match(page, /Experiment: database-latency/);
  assert.match(page, /every statement sleeps &lt;2 s&gt;/);
  assert.match(page, /What users felt/);
});

test('the JSON holds it under experiment, with conditions in the contract’s shape', () => {
  const { experiment } = toContract(reportWith({})) as { experiment: ExperimentFindings };
  assert.deepEqual([experiment.outcome, experiment.recovery?.seconds, experiment.during?.errors], ['not-as-expected', 7, { 'http-5xx': 727 }]);
  assert.ok(!('place' in (experiment.verdicts[0]?.condition ?? { place: 1 })));
});
