import assert from 'node:assert/strict';
import { test } from 'node:test';
import { junit } from '../../src/reporters/junit.ts';
import type { Report, Verdict } from '../../src/model/report.ts';
import { condition } from '../judge/facts.ts';
import { assertGolden } from './golden.ts';
import { readXml, type XmlElement } from './read-xml.ts';
import { reportWithBaseline, SAMPLES, sampleReport, type SampleName } from './sample-report.ts';

const names = Object.keys(SAMPLES) as SampleName[];
const rendered = (report: Report): XmlElement => readXml(junit.render(report));
const casesOf = (root: XmlElement, suite?: string): XmlElement[] => root.children.filter(({ attributes }) => suite === undefined || attributes['name'] === suite)
  .flatMap(({ children }) => children.filter(({ tag }) => tag === 'testcase'));
const outcomeOf = (testcase: XmlElement | undefined): string => testcase?.children[0]?.tag ?? 'pass';
const named = (root: XmlElement, name: RegExp): XmlElement => casesOf(root).find(({ attributes }) => name.test(attributes['name'] ?? '')) ?? assert.fail(`no testcase ${name}`);

/** What the schema of Ant's JUnit task asks of each element: attributes it must have, may have, and children in their order. */
const SCHEMA: Readonly<Record<string, { readonly must: readonly string[]; readonly may?: readonly string[]; readonly children: RegExp }>> = {
  testsuites: { must: [], children: /^(testsuite )*$/ },
  testsuite: {
    must: ['name', 'package', 'id', 'hostname', 'timestamp', 'tests', 'failures', 'errors', 'time'], may: ['skipped'],
    children: /^properties (testcase )*system-out system-err $/,
  },
  properties: { must: [], children: /^(property )*$/ },
  property: { must: ['name', 'value'], children: /^$/ },
  testcase: { must: ['name', 'classname', 'time'], children: /^(skipped |error |failure )?$/ },
  failure: { must: ['type'], may: ['message'], children: /^$/ },
  error: { must: ['type'], may: ['message'], children: /^$/ },
  skipped: { must: [], may: ['message'], children: /^$/ },
  'system-out': { must: [], children: /^$/ },
  'system-err': { must: [], children: /^$/ },
};

const TYPES: Readonly<Record<string, RegExp>> = {
  id: /^\d+$/, tests: /^\d+$/, failures: /^\d+$/, errors: /^\d+$/, skipped: /^\d+$/, time: /^\d+\.\d{3}$/, timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
  name: /^\S(.*\S)?$/, classname: /^\S+$/, hostname: /^\S+$/, package: /^\S+$/,
};

function assertValid({ tag, attributes, children }: XmlElement): void {
  const rule = SCHEMA[tag] ?? assert.fail(`<${tag}> is not of the schema`);
  assert.deepEqual(rule.must.filter((name) => !(name in attributes)), [], `<${tag}> lacks attributes`);
  assert.deepEqual(Object.keys(attributes).filter((name) => ![...rule.must, ...(rule.may ?? [])].includes(name)), [], `<${tag}> has others`);
  for (const [name, value] of Object.entries(attributes)) if (tag !== 'property') assert.match(value, TYPES[name] ?? /^/, `${tag}/@${name}`);
  assert.match(children.map((child) => `${child.tag} `).join(''), rule.children, `children of <${tag}>`);
  children.forEach(assertValid);
}

for (const name of names) {
  test(`${name}: is valid by the common schema, and its counts are true`, () => {
    const root = rendered(sampleReport(name));
    assertValid(root);
    for (const suite of root.children) {
      const count = (tag: string): number => casesOf({ ...root, children: [suite] }).filter((one) => tag === '' || outcomeOf(one) === tag).length;
      assert.deepEqual(['tests', 'failures', 'errors', 'skipped'].map((key) => Number(suite.attributes[key])), ['', 'failure', 'error', 'skipped'].map(count));
    }
    assert.deepEqual(root.children.map(({ attributes }) => attributes['id']), root.children.map((_, at) => String(at)));
  });

  test(`${name}: no two testcases share class and name, by which CIs keep their history`, () => {
    const keys = casesOf(rendered(sampleReport(name))).map(({ attributes }) => `${attributes['classname']} ${attributes['name']}`);
    assert.equal(new Set(keys).size, keys.length);
  });
}

test('junit.xml is as recorded', () => assertGolden('junit.xml', junit.render(sampleReport('failed'))));

test('one testcase for each condition, its suite in the class', () => {
  const report = sampleReport('passed');
  assert.equal(casesOf(rendered(report)).length, report.verdicts.length);
  assert.equal(named(rendered(report), /^http\.p95\{journey=dashboard\} < 500 ms$/).attributes['classname'], 'ventures.phase-2.load');
});

test('a breached threshold is a failure, its figures and source in message and body', () => {
  const failed = named(rendered(sampleReport('failed')), /^http\.p95\{journey=dashboard\} < 500 ms$/);
  assert.equal(outcomeOf(failed), 'failure');
  const [failure] = failed.children;
  for (const text of [failure?.attributes['message'], failure?.text]) assert.match(text ?? '', /^\d{3} ms \(\d{3}–\d{3}\), limit < 500 ms, [\d,]+ samples, §SLA targets, line 379/);
});

test('a milestone that was hit is a failure with the evidence for and against it', () => {
  const [hit] = casesOf(rendered(sampleReport('failed')), 'milestones');
  assert.equal(outcomeOf(hit), 'failure');
  assert.match(hit?.children[0]?.text ?? '', /for: .*wait[\s\S]*against: .*[\s\S]*remedy: pool/);
});

test('a run that was broken is an error, and what it measured decides nothing: no pass among it', () => {
  for (const name of ['invalid', 'interrupted'] as const) {
    const root = rendered(sampleReport(name));
    assert.equal(outcomeOf(casesOf(root, 'run')[0]), 'error');
    assert.ok([...casesOf(root, 'unit'), ...casesOf(root, 'load')].every((one) => outcomeOf(one) === 'skipped'));
  }
});

test('not measured is skipped; undecided is an error where it is required: neither is green', () => {
  const base = sampleReport('passed');
  const verdict = (text: string, status: Verdict['status'], required = true): Verdict => ({
    suite: 'load', condition: { ...condition(text), required }, status, observed: null, low: null, high: null, limit: null, margin: null, samples: 0, reason: 'because',
  });
  const root = rendered({ ...base, verdicts: [
    verdict('http.p50 < 1 ms', 'not-measured'), verdict('http.p90 < 1 ms', 'inconclusive'), verdict('http.p95 < 1 ms', 'inconclusive', false),
    verdict('http.p99 < 1 ms', 'warn'), verdict('http.max < 1 ms', 'fail', false), verdict('http.mean < 1 ms', 'fail'),
  ] });
  assert.deepEqual(casesOf(root).map(outcomeOf), ['skipped', 'error', 'skipped', 'pass', 'pass', 'failure']);
  assert.match(root.children[0]?.children.find(({ tag }) => tag === 'system-out')?.text ?? '', /^http\.p99 < 1 ms: warning: [^\n]*\nhttp\.max < 1 ms: breached, not required: /);
});

test('a regression against the baseline is a failure, for the command ends with 1; what cannot be told is none', () => {
  const root = rendered(reportWithBaseline());
  assertValid(root);
  assert.deepEqual(casesOf(root, 'baseline').map(outcomeOf), ['failure', 'skipped', 'pass']);
  assert.match(casesOf(root, 'baseline')[0]?.children[0]?.attributes['message'] ?? '', /500 ms against 400 ms, \+25.*worse/);
});

test('a run of which nothing was required has decided nothing, and is an error as its exit code is', () => {
  const root = rendered({ ...sampleReport('passed'), verdicts: [], exitCode: 4 });
  assert.deepEqual(casesOf(root, 'run').map(outcomeOf), ['error']);
});

test('a bottleneck that is no milestone of the plan fails as the run does, and only where it is hit', () => {
  const base = sampleReport('failed');
  const as = (status: 'hit' | 'approaching'): string[] => {
    const bottlenecks = base.diagnosis.bottlenecks.map((one) => ({ ...one, status, milestone: null }));
    return casesOf(rendered({ ...base, diagnosis: { ...base.diagnosis, bottlenecks } }), 'milestones').map(outcomeOf);
  };
  assert.deepEqual(as('hit'), ['failure']);
  assert.deepEqual(as('approaching'), ['pass']);
});

test('conditions of the same words stay two testcases', () => {
  const base = sampleReport('passed');
  const [first] = base.verdicts;
  assert.ok(first);
  const cases = casesOf(rendered({ ...base, verdicts: [first, first] }));
  assert.deepEqual(cases.map(({ attributes }) => attributes['name']?.endsWith(' (2)')), [false, true]);
});

test('trap: control characters, half characters and markup in names make no broken XML', () => {
  const base = sampleReport('hostile');
  const [first] = base.verdicts;
  assert.ok(first);
  const root = rendered({ ...base, verdicts: [{ ...first, status: 'fail', condition: { ...first.condition, required: true }, reason: '\u0000\ud800 ]]> <b> "x" \ufffe' }] });
  assert.match(casesOf(root, first.suite)[0]?.children[0]?.text ?? '', /\n +\]\]> <b> "x" $/);
});
