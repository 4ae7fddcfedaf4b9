import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, toContract } from '../../src/reporters/json.ts';
import { condition } from '../judge/facts.ts';
import { conditionJson } from '../../src/reporters/json.ts';
import { SAMPLES, sampleReport, type SampleName } from './sample-report.ts';

type Json = Record<string, unknown>;

function written(name: SampleName): Json {
  return JSON.parse(json.render(sampleReport(name))) as Json;
}

/** Every key that scripts are promised; those after the bar are ours on top, described in docs/reporters.md. */
const CONTRACT: Readonly<Record<string, string>> = {
  '': 'formatVersion exitCode run plan target steps verdicts diagnosis outlook generator probes assumptions environment configuration',
  run: 'id startedAt endedAt valid invalidReason interrupted',
  plan: 'id phase',
  'steps.0': 'suite scenario engine engineVersion model asked sentPerSec durationSeconds judgedSeconds requests errors latencyMs errorLatencyMs ttfbMs journeys',
  'steps.0.asked': 'ratePerSec arrivalsPerSec users',
  'steps.0.latencyMs': 'p50 p90 p95 p99 max mean',
  'steps.0.errorLatencyMs': 'p50 p90 p95 p99 max mean',
  'steps.0.ttfbMs': 'p50 p90 p95 p99 max mean',
  'steps.7.journeys.dashboard': 'requests errors latencyMs steps',
  'steps.7.journeys.dashboard.steps.finance-summary': 'requests errors latencyMs',
  'verdicts.0': 'condition status observed low high margin samples reason | suite limit',
  'verdicts.0.condition': 'metric aggregate scope op value relativeTo unit forSeconds inSeconds kind level required text source',
  'verdicts.0.condition.source': 'document section line',
  diagnosis: 'outcome bottlenecks harm | unknown observations',
  'diagnosis.bottlenecks.0': 'id confidence status evidence milestone remedy | onsetSecond seconds trigger',
  'diagnosis.bottlenecks.0.evidence.0': 'for text metric observed limit',
  'diagnosis.bottlenecks.0.milestone': 'plan id users prepareByUsers hitAtUsers | usersEarly leadTimeWeeks costMonthlyUsd',
  'diagnosis.harm.0': 'text metric observed limit',
  outlook: 'capacity next',
  'outlook.next.0': 'milestone users date beginBy costMonthlyUsd | bottleneck prepareByUsers basis',
  'outlook.next.0.users': 'low mid high',
  generator: 'saturated reasons',
  'probes.0': 'kind status reason',
};

function at(value: unknown, path: string): unknown {
  return path === '' ? value : path.split('.').reduce((inner, key) => (inner as Json)[key], value);
}

test('run.json has exactly the keys it promises', async () => {
  const report = written('failed');
  for (const [path, keys] of Object.entries(CONTRACT)) {
    assert.deepEqual(Object.keys(at(report, path) as Json).sort(), keys.split(' ').filter((key) => key !== '|').sort(), path || 'top');
  }
});

test('a finished run that failed, in figures', async () => {
  const report = written('failed');
  const run = report['run'] as Json;
  assert.deepEqual([report['formatVersion'], report['exitCode'], report['target']], [1, 1, 'http://127.0.0.1:28411']);
  assert.deepEqual(report['plan'], { id: 'ventures', phase: '2' });
  assert.deepEqual([run['startedAt'], run['valid'], run['invalidReason'], run['interrupted']], ['2026-03-02T09:30:00.000Z', true, null, false]);
  const load = at(report, 'steps.7') as Json;
  assert.deepEqual([load['suite'], load['engine'], load['model'], load['judgedSeconds'], load['errors']], ['load', 'artillery', 'open', 152, { 'http-5xx': 1 }]);
  assert.ok(Math.abs(Number(at(load, 'asked.ratePerSec')) - 33.3) < 0.01, 'the rate counts requests');
  assert.ok(Math.abs(Number(at(load, 'asked.arrivalsPerSec')) - 18.3) < 0.05, 'arrivals count journeys');
  assert.deepEqual(at(report, 'steps.0.asked'), { ratePerSec: null, arrivalsPerSec: null, users: 4 });
});

test('nothing measured is null, never 0 or missing', async () => {
  const report = written('failed');
  assert.deepEqual(at(report, 'steps.0.ttfbMs'), { p50: null, p90: null, p95: null, p99: null, max: null, mean: null });
  const uptime = (report['verdicts'] as Json[]).find((verdict) => at(verdict, 'condition.metric') === 'service.uptime');
  assert.deepEqual([uptime?.['status'], uptime?.['observed'], uptime?.['low'], uptime?.['high'], uptime?.['margin'], uptime?.['samples']], ['not-measured', null, null, null, null, 0]);
  assert.deepEqual([at(report, 'outlook.capacity'), at(report, 'outlook.next.0.date'), at(report, 'probes.0.reason')], [null, null, null]);
});

test('every way a run can end has its exit code', async () => {
  const codes = Object.fromEntries(Object.keys(SAMPLES).map((name) => [name, toContract(sampleReport(name as SampleName))['exitCode']]));
  assert.deepEqual(codes, { passed: 0, failed: 1, inconclusive: 4, invalid: 3, interrupted: 130, noProbes: 1, hostile: 4 });
  const invalid = written('invalid');
  assert.match(String(at(invalid, 'run.invalidReason')), /event loop was busy/);
  assert.equal(at(invalid, 'generator.saturated'), true);
  assert.equal(at(written('interrupted'), 'run.interrupted'), true);
});

test('alternatives are {anyOf}, without the fields of a single comparison', () => {
  const shown = conditionJson(condition('node.cpu > 80 % or node.event_loop_lag > 100 ms'));
  assert.deepEqual(Object.keys(shown).sort(), ['anyOf', 'kind', 'level', 'required', 'source', 'text']);
  assert.deepEqual((shown['anyOf'] as Json[]).map((one) => [one['metric'], one['op'], one['value'], one['unit']]), [['node.cpu', '>', 80, '%'], ['node.event_loop_lag', '>', 100, 'ms']]);
});
