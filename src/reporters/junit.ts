import { BOTTLENECK_TITLES } from '../model/bottleneck.ts';
import type { SuiteId } from '../model/plan.ts';
import type { Report, Verdict } from '../model/report.ts';
import { comparisonCells } from './comparison.ts';
import { sayFully, sayProof } from './details.ts';
import { engineFindingsOf, sayFinding } from './engine-findings.ts';
import { headlineOf, sayCutShort, sentenceOf, type Headline } from './headline.ts';
import type { Reporter } from './reporter.ts';
import { remedyOf } from './terminal-diagnosis.ts';
import { sayNumber } from './words.ts';
import { element, xmlDocument, type XmlNode } from './xml.ts';

/** One testcase a condition, so that a CI's test tab shows them: red exactly where the exit code is. */
export const junit = { name: 'junit', fileName: 'junit.xml', render: (report: Report): string => xmlDocument(testSuites(report)) } satisfies Reporter;

/** `failure`: breached. `error`: not decided, or the run was broken. `skipped`: not measured, or not required and not decided. */
interface Outcome {
  readonly tag: 'failure' | 'error' | 'skipped';
  readonly type: string;
  readonly message: string;
}

interface Testcase {
  readonly name: string;
  readonly seconds: number;
  readonly outcome: Outcome | null;
  readonly body: string;
  /** For the suite's output: what passes and is worth reading all the same. */
  readonly aside: string | null;
}

/** Valid by the schema of Ant's JUnit task, which asks for more than the others do: attributes in full, nothing beyond them. */
function testSuites(report: Report): XmlNode {
  const suites: [name: string, cases: readonly Testcase[]][] = [
    ['run', runCases(report)],
    ...suitesOf(report).map((suite): [string, readonly Testcase[]] => [suite, thresholdCases(report, suite)]),
    ['milestones', milestoneCases(report)],
    ['baseline', baselineCases(report)],
    ['signs', signCases(report)],
    ['script', findingCases(report)],
  ];
  return element('testsuites', {}, suites.filter(([, cases]) => cases.length > 0).map(([name, cases], id) => testSuite(report, name, id, cases)));
}

function suitesOf({ verdicts }: Report): SuiteId[] {
  return [...new Set(verdicts.filter(({ condition }) => condition.kind === 'threshold').map(({ suite }) => suite))];
}

function testSuite({ run, phase, plan }: Report, name: string, id: number, cases: readonly Testcase[]): XmlNode {
  const own = `${plan.id}.phase-${phase.id}`;
  const count = (tag: Outcome['tag']): number => cases.filter(({ outcome }) => outcome?.tag === tag).length;
  const host = String(run.environment['host'] ?? '').trim() || 'localhost';
  const facts = { run: run.id, plan: plan.id, phase: phase.id, target: run.target.url };
  return element('testsuite', {
    name, package: own, id, hostname: host, timestamp: new Date(run.startedAtMs).toISOString().slice(0, 19),
    tests: cases.length, failures: count('failure'), errors: count('error'), skipped: count('skipped'),
    time: sayTime(cases.reduce((sum, { seconds }) => sum + seconds, 0)),
  }, [
    element('properties', {}, Object.entries(facts).map(([property, value]) => element('property', { name: property, value }))),
    ...uniquelyNamed(cases).map((one) => element('testcase', { name: one.name, classname: `${own}.${name}`, time: sayTime(one.seconds) }, outcomeNodes(one))),
    element('system-out', {}, [cases.flatMap(({ name: what, aside }) => (aside === null ? [] : [`${what}: ${aside}`])).join('\n')]),
    element('system-err', {}, ['']),
  ]);
}

function outcomeNodes({ outcome, body }: Testcase): XmlNode[] {
  if (outcome === null) return [];
  const { tag, type, message } = outcome;
  // By the schema a skipped testcase has no type.
  return [tag === 'skipped' ? element(tag, { message }, [body]) : element(tag, { message, type }, [body])];
}

/** The run itself, where it is broken: that makes every other result worthless. */
function runCases(report: Report): Testcase[] {
  const { run, validity } = report;
  const word = headlineOf(report);
  const isEmpty = !report.verdicts.some(({ condition }) => condition.kind === 'threshold' && condition.required);
  if (!isBroken(word) && !isEmpty) return [];
  return [{
    name: isBroken(word) ? 'the run is valid' : 'something is required of the run', seconds: (run.endedAtMs - run.startedAtMs) / 1000,
    outcome: { tag: 'error', type: word.toLowerCase(), message: sentenceOf(report) },
    body: [...validity.reasons, ...sayCutShort(report)].join('\n'), aside: null,
  }];
}

function isBroken(word: Headline): boolean {
  return word === 'INVALID' || word === 'INTERRUPTED';
}

function thresholdCases(report: Report, suite: SuiteId): Testcase[] {
  const own = report.verdicts.filter(({ condition, suite: of }) => condition.kind === 'threshold' && of === suite);
  return own.map((verdict) => ({ ...conditionCase(verdict), outcome: thresholdOutcome(report, verdict) }));
}

function thresholdOutcome(report: Report, verdict: Verdict): Outcome | null {
  const { status, reason, condition: { required } } = verdict;
  const word = headlineOf(report);
  if (isBroken(word)) return { tag: 'skipped', type: 'run', message: `decides nothing: the run is ${word.toLowerCase()}` };
  if (status === 'not-measured') return { tag: 'skipped', type: status, message: `not measured: ${reason}` };
  if (status === 'inconclusive') return { tag: required ? 'error' : 'skipped', type: status, message: `could not be decided: ${reason}` };
  return status === 'fail' && required ? { tag: 'failure', type: 'threshold', message: sayProof(verdict) } : null;
}

function conditionCase(verdict: Verdict): Omit<Testcase, 'outcome'> {
  const { condition, status, reason } = verdict;
  const mild = status === 'warn' ? 'warning' : status === 'fail' && !condition.required ? 'breached, not required' : status === 'fired' ? 'fired' : null;
  return { name: sayFully(condition), seconds: 0, body: `${sayProof(verdict)}\n${reason}`, aside: mild && `${mild}: ${sayProof(verdict)}` };
}

/** A bottleneck that was hit fails the run, whatever the thresholds say. */
function milestoneCases({ plan, diagnosis }: Report): Testcase[] {
  return diagnosis.bottlenecks.map((one): Testcase => {
    const milestone = plan.milestones.find(({ id }) => id === one.milestone?.id);
    const evidence = one.evidence.map((sign) => `${sign.for ? 'for' : 'against'}: ${sign.text}`);
    const isHit = one.status === 'hit';
    const message = `${!isHit ? 'Approaching' : one.milestone === null ? 'Hit, and no milestone of the plan' : 'Milestone hit'}: ${BOTTLENECK_TITLES[one.id]}, confidence ${one.confidence.toFixed(2)}`;
    return {
      name: milestone ? `${milestone.title} is not hit (expected at ${sayNumber(milestone.users)} users)` : `no bottleneck: ${BOTTLENECK_TITLES[one.id]}`, seconds: 0,
      outcome: isHit ? { tag: 'failure', type: 'milestone', message } : null,
      body: [...evidence, `remedy: ${remedyOf(one)}`].join('\n'), aside: isHit ? null : message,
    };
  });
}

/** Against `--baseline`: what is worse fails the run, what cannot be told does not. */
function baselineCases({ comparison }: Report): Testcase[] {
  return (comparison?.differences ?? []).map((one) => {
    const [name = '', base = '', head = '', change = '', verdict = ''] = comparisonCells(one, false);
    const said = `${head} against ${base}, ${change}: ${verdict}`;
    const isRed = one.status === 'worse' && comparison?.comparable === true;
    return {
      name: `${name} is no worse than the baseline`, seconds: 0, body: one.reason, aside: null,
      outcome: isRed ? { tag: 'failure', type: 'regression', message: said } : one.status === 'cannot-tell' ? { tag: 'skipped', type: 'cannot-tell', message: said } : null,
    };
  });
}

/** Signs warn of what comes: they never turn a run red, and say in the suite's output that they fired. */
function signCases({ verdicts }: Report): Testcase[] {
  const isOpen = ({ status }: Verdict): boolean => status === 'not-measured' || status === 'inconclusive';
  return verdicts.filter(({ condition }) => condition.kind !== 'threshold').map((verdict) => ({
    ...conditionCase(verdict), name: `${verdict.condition.kind}: ${sayFully(verdict.condition)}`,
    outcome: isOpen(verdict) ? { tag: 'skipped', type: verdict.status, message: `${verdict.status.replace('-', ' ')}: ${verdict.reason}` } : null,
  }));
}

/** What a script judged by itself turns no run red, as no exit code follows from it: what did not hold is said in the suite's output. */
function findingCases(report: Report): Testcase[] {
  return engineFindingsOf(report).map((one) => ({
    name: `${one.source} ${one.kind}: ${one.name}`, seconds: 0, outcome: null, body: sayFinding(one), aside: one.failed > 0 ? sayFinding(one) : null,
  }));
}

/** CIs keep a test's history by its name: two of one name would overwrite each other. */
function uniquelyNamed(cases: readonly Testcase[]): Testcase[] {
  const seen = new Map<string, number>();
  return cases.map((one) => {
    const count = (seen.get(one.name) ?? 0) + 1;
    seen.set(one.name, count);
    return count === 1 ? one : { ...one, name: `${one.name} (${count})` };
  });
}

function sayTime(seconds: number): string {
  return seconds.toFixed(3);
}
