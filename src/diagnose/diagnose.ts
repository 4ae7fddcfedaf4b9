import { BOTTLENECK_TITLES, type BottleneckId } from '../model/bottleneck.ts';
import type { Plan } from '../model/plan.ts';
import type { DiagnosedBottleneck, Diagnosis, Evidence, Harm, Validity, Verdict } from '../model/report.ts';
import { clientSigns } from './client-signs.ts';
import { lookAt, withoutTransients, type Look } from './focus.ts';
import { harmIn, harmOf, isHarmedIn } from './harm.ts';
import { milestoneOf, triggerOf } from './milestone.ts';
import { inOrder } from './order.ts';
import type { Finding, Situation } from './rule.ts';
import { generator } from './rules/generator.ts';
import { RULES } from './rules/registry.ts';
import { INVALID_BY_GENERATOR, NAMED_FROM, SUSPECTED_FROM } from './score.ts';
import type { Window } from './window.ts';

export interface DiagnosisInput {
  readonly situation: Situation;
  readonly plan: Plan;
  readonly verdicts: readonly Verdict[];
  readonly validity: Validity;
  /** Users of the plan that the judged load stands for. */
  readonly users: number;
}

/**
 * Which bottleneck holds the users up, why, and what rules out its rivals.
 * The generator comes first: a run it spoiled says nothing about the target.
 */
export function diagnose(input: DiagnosisInput): Diagnosis {
  const { situation, validity, verdicts } = input;
  if (validity.saturated) return spoiled(input);
  // Without a judged second, or with an engine that broke, too little was seen, which is not the same as nothing being wrong.
  if (!validity.valid || situation.judged[1] <= situation.judged[0]) return { outcome: 'not-enough-evidence', bottlenecks: [], harm: [], unknown: [], observations: [] };
  const seen = harmOf(situation, verdicts);
  const isHarmed = (window: Window): boolean => isHarmedIn(situation, window, seen);
  const looks = withoutTransients(RULES.map((rule) => lookAt(rule, situation, isHarmed)), situation);
  // In one part of them at least: a crowd of nine seconds is no crowd on the mean of twenty.
  const partsOf = (look: Look): Window[] => [look.window, ...look.parts].filter(isHarmed);
  const isHit = (look: Look): boolean => look.confidence >= NAMED_FROM && partsOf(look).length > 0;
  const suspects = looks.filter(({ confidence }) => confidence >= SUSPECTED_FROM);
  const hit = inOrder(suspects.filter(isHit));
  const others = inOrder(suspects.filter((look) => !isHit(look))).looks;
  const harm = seen.length > 0 ? seen : onceEach(hit.looks.flatMap(partsOf).flatMap((window) => harmIn(situation, window)));
  const bottlenecks = [
    ...hit.looks.map((look, index) => describe(look, 'hit', looks, input, hit.isByOnset && index === 0)),
    ...others.map((look) => describe(look, 'approaching', looks, input, false)),
  ];
  const outcome = outcomeOf(bottlenecks, harm, looks);
  return { outcome, bottlenecks, harm, unknown: unknownOf(looks, outcome, input.plan), observations: [...(situation.leftOut ?? []), ...(harm.length > 0 ? clientSigns(situation) : [])] };
}

/** Of one kind the first: each part that was harmed tells of it in figures of its own. */
function onceEach(harm: readonly Harm[]): Harm[] {
  return harm.filter(({ metric }, index) => harm.findIndex((one) => one.metric === metric) === index);
}

/** Nothing about the target; of the generator what it says of itself, and why the run does not count. */
function spoiled({ situation, validity }: DiagnosisInput): Diagnosis {
  const finding = situation.judged[1] > situation.judged[0] ? generator.evaluate(situation) : null;
  const reasons = validity.reasons.map((text): Evidence => ({ for: true, text, metric: null, observed: null, limit: null }));
  return {
    outcome: 'generator',
    bottlenecks: [{
      // Not a milestone: it is not the target that is at its limit.
      id: 'generator', confidence: INVALID_BY_GENERATOR, status: 'approaching', evidence: [...reasons, ...(finding === null ? [] : evidenceOf(finding).filter((one) => one.for))],
      onsetSecond: finding?.status === 'judged' ? (finding.onset?.second ?? null) : null, seconds: null, milestone: null, trigger: null, remedy: generator.remedy,
    }],
    harm: [], unknown: [], observations: [],
  };
}

function describe(look: Look, status: DiagnosedBottleneck['status'], all: readonly Look[], { plan, users, verdicts, situation }: DiagnosisInput, isFirst: boolean): DiagnosedBottleneck {
  const { rule, finding, confidence, window } = look;
  const planned = milestoneOf(rule, plan, users, verdicts);
  const { remedy, ...milestone } = planned ?? { remedy: rule.remedy };
  const isPart = window[0] > situation.judged[0] || window[1] < situation.judged[1];
  return {
    id: rule.id,
    confidence,
    status,
    evidence: [...evidenceOf(finding), ...(isFirst ? [began(finding)] : []), ...rivalsRuledOut(look, all)],
    onsetSecond: finding.status === 'judged' ? (finding.onset?.second ?? null) : null,
    seconds: isPart ? { from: window[0], to: window[1] } : null,
    milestone: 'id' in milestone ? milestone : null,
    trigger: triggerOf(rule, plan, verdicts),
    remedy,
  };
}

function began(finding: Finding): Evidence {
  const second = finding.status === 'judged' ? (finding.onset?.second ?? 0) : 0;
  return { for: true, text: `it began first, ${second} s after the start`, metric: null, observed: null, limit: null };
}

function evidenceOf(finding: Finding): readonly Evidence[] {
  return finding.status === 'judged' ? finding.evidence : [];
}

/** The strongest normal sign of every rival that was looked at and not found. */
function rivalsRuledOut(look: Look, all: readonly Look[]): Evidence[] {
  return all
    .filter((rival) => rival !== look && rival.finding.status === 'judged' && rival.confidence < SUSPECTED_FROM)
    .flatMap((rival) => {
      const normal = evidenceOf(rival.finding).find((one) => !one.for);
      return normal ? [{ ...normal, text: `${BOTTLENECK_TITLES[rival.rule.id]}: ${normal.text}` }] : [];
    });
}

function outcomeOf(bottlenecks: readonly DiagnosedBottleneck[], harm: readonly Harm[], looks: readonly Look[]): Diagnosis['outcome'] {
  if (bottlenecks.some((one) => one.status === 'hit')) return 'bottleneck';
  if (harm.length === 0) return 'none';
  // Suspects, but none of them above the line: name them all rather than the likeliest.
  if (bottlenecks.length > 1) return 'undetermined';
  const isOpen = looks.some(({ finding }) => finding.status === 'not-enough-data' && finding.isOptional !== true);
  return bottlenecks.length === 1 || isOpen ? 'not-enough-evidence' : 'undetermined';
}

/**
 * What could not be looked at, and what it would take. Where users are harmed and the cause is not known every one of them may be it;
 * else the plan's own milestones are what a reader wants to see ruled out.
 */
function unknownOf(looks: readonly Look[], outcome: Diagnosis['outcome'], plan: Plan): { id: BottleneckId; missing: string }[] {
  const isOpen = outcome === 'undetermined' || outcome === 'not-enough-evidence';
  const relevant = looks.filter(({ rule }) => isOpen || plan.milestones.some(({ bottleneck }) => bottleneck === rule.id));
  return relevant.flatMap(({ rule, finding }) => (finding.status === 'not-enough-data' ? [{ id: rule.id, missing: finding.missing }] : []));
}
