import { BOTTLENECK_TITLES, type BottleneckId } from '../model/bottleneck.ts';
import type { Plan } from '../model/plan.ts';
import type { DiagnosedBottleneck, Diagnosis, Evidence, Harm, Validity, Verdict } from '../model/report.ts';
import { harmOf } from './harm.ts';
import type { Finding, Rule, Situation } from './rule.ts';
import { RULES } from './rules/registry.ts';
import { confidenceOf, NAMED_FROM, SUSPECTED_FROM } from './score.ts';

export interface DiagnosisInput {
  readonly situation: Situation;
  readonly plan: Plan;
  readonly verdicts: readonly Verdict[];
  readonly validity: Validity;
  /** Users of the plan that the judged load stands for. */
  readonly users: number;
}

interface Judged {
  readonly rule: Rule;
  readonly finding: Finding;
  readonly confidence: number;
}

/**
 * Which bottleneck holds the users up, why, and what rules out its rivals.
 * The generator comes first: a run it spoiled says nothing about the target.
 */
export function diagnose(input: DiagnosisInput): Diagnosis {
  const { situation, validity, verdicts } = input;
  if (validity.saturated) return { outcome: 'generator', bottlenecks: [], harm: [], unknown: [] };
  // Without a judged second, or with an engine that broke, too little was seen, which is not the same as nothing being wrong.
  if (!validity.valid || situation.judged[1] <= situation.judged[0]) return { outcome: 'not-enough-evidence', bottlenecks: [], harm: [], unknown: [] };
  const harm = harmOf(situation, verdicts);
  const judged = RULES.map((rule) => judgeRule(rule, situation));
  const bottlenecks = judged
    .filter(({ confidence }) => confidence >= SUSPECTED_FROM)
    .sort(byConfidenceThenOnset)
    .map((found) => describe(found, judged, harm, input));
  const outcome = outcomeOf(bottlenecks, harm, judged);
  return { outcome, bottlenecks, harm, unknown: unknownOf(judged, outcome, input.plan) };
}

function judgeRule(rule: Rule, situation: Situation): Judged {
  const finding = rule.evaluate(situation);
  return { rule, finding, confidence: confidenceOf(finding) };
}

function byConfidenceThenOnset(a: Judged, b: Judged): number {
  return b.confidence - a.confidence || onset(a.finding) - onset(b.finding);
}

function onset(finding: Finding): number {
  return finding.status === 'judged' ? (finding.onsetSecond ?? Infinity) : Infinity;
}

function describe(found: Judged, all: readonly Judged[], harm: readonly Harm[], input: DiagnosisInput): DiagnosedBottleneck {
  const milestone = input.plan.milestones.find((one) => one.bottleneck === found.rule.id) ?? null;
  const isHit = found.confidence >= NAMED_FROM && harm.length > 0;
  return {
    id: found.rule.id,
    confidence: found.confidence,
    status: isHit ? 'hit' : 'approaching',
    evidence: [...evidenceOf(found.finding), ...rivalsRuledOut(found, all)],
    onsetSecond: found.finding.status === 'judged' ? found.finding.onsetSecond : null,
    milestone: milestone && {
      plan: input.plan.id,
      id: milestone.id,
      users: milestone.users,
      prepareByUsers: milestone.prepareByUsers,
      hitAtUsers: input.users,
      leadTimeWeeks: milestone.leadTimeWeeks,
      costMonthlyUsd: milestone.costMonthlyUsd,
    },
    remedy: milestone?.remedy ?? found.rule.remedy,
  };
}

function evidenceOf(finding: Finding): readonly Evidence[] {
  return finding.status === 'judged' ? finding.evidence : [];
}

/** The strongest normal sign of every rival that was looked at and not found. */
function rivalsRuledOut(found: Judged, all: readonly Judged[]): Evidence[] {
  return all
    .filter((rival) => rival !== found && rival.finding.status === 'judged' && rival.confidence < SUSPECTED_FROM)
    .flatMap((rival) => {
      const normal = evidenceOf(rival.finding).find((one) => !one.for);
      return normal ? [{ ...normal, text: `${BOTTLENECK_TITLES[rival.rule.id]}: ${normal.text}` }] : [];
    });
}

function outcomeOf(bottlenecks: readonly DiagnosedBottleneck[], harm: readonly Harm[], judged: readonly Judged[]): Diagnosis['outcome'] {
  if (bottlenecks.some((one) => one.status === 'hit')) return 'bottleneck';
  if (harm.length === 0) return 'none';
  // Suspects, but none of them above the line: name them all rather than the likeliest.
  if (bottlenecks.length > 1) return 'undetermined';
  return bottlenecks.length === 1 || judged.some(({ finding }) => finding.status === 'not-enough-data') ? 'not-enough-evidence' : 'undetermined';
}

/**
 * What could not be looked at, and what it would take. Where users are harmed and the cause is not known every one of them may be it;
 * else the plan's own milestones are what a reader wants to see ruled out.
 */
function unknownOf(judged: readonly Judged[], outcome: Diagnosis['outcome'], plan: Plan): { id: BottleneckId; missing: string }[] {
  const isOpen = outcome === 'undetermined' || outcome === 'not-enough-evidence';
  const relevant = judged.filter(({ rule }) => isOpen || plan.milestones.some(({ bottleneck }) => bottleneck === rule.id));
  return relevant.flatMap(({ rule, finding }) => (finding.status === 'not-enough-data' ? [{ id: rule.id, missing: finding.missing }] : []));
}
