import { readLines } from '../model/address.ts';
import type { Source } from '../model/condition.ts';
import type { PlanFile, PlanFileNote } from '../model/plan-file.ts';
import type { Experiment, Milestone, Note, Plan, Range, Suite } from '../model/plan.ts';
import { withBuiltInAssumptions } from './assumptions.ts';
import { buildCondition, buildConditions } from './build-condition.ts';
import { buildFacts } from './build-facts.ts';
import { assumed, buildPhase } from './build-phase.ts';
import { buildTree } from './build-tree.ts';
import type { PhaseContext } from './build-phase.ts';
import { numberOf, quantityOf, rangeOf, rangeOrNull } from './citer.ts';
import type { Citer, Path } from './citer.ts';

/** The plan a file describes: figures in canonical units, every entry with its address. Faults between entries go to `cite.faults`. */
export function buildPlan(entry: PlanFile, file: string, cite: Citer): Plan {
  const assumptions = withBuiltInAssumptions((entry.assumptions ?? []).map(({ at, ...rest }, index) => ({ ...rest, source: cite.of(at, null, ['assumptions', index]) })));
  const names = assumptions.map(({ id }) => id);
  const load = buildLoad(entry.load, cite, names);
  const context: PhaseContext = { cite, load, steps: entry.steps, assumptions: names };
  checkIds(entry, cite);
  return {
    id: entry.id, title: cite.text(entry.title, null, ['title']).text, source: { document: entry.document?.file ?? '' }, application: entry.application ?? 'ventures', file, load,
    phases: entry.phases.map((phase, index) => buildPhase(phase, ['phases', index], context)),
    milestones: (entry.milestones ?? []).map((milestone, index) => buildMilestone(milestone, ['milestones', index], context)),
    triggers: (entry.triggers ?? []).map(({ action, timeline, ...rest }, index) => ({
      ...buildCondition(rest, 'trigger', { path: ['triggers', index], around: null }, context),
      action: cite.text(action, null, ['triggers', index]).text, timeline: timeline === undefined ? null : cite.text(timeline, null, ['triggers', index]).text,
    })),
    alerts: (entry.alerts ?? []).map(({ severity, ...rest }, index) => ({
      ...buildCondition(rest, 'alert', { path: ['alerts', index], around: null }, context), severity,
    })),
    slo: buildConditions(entry.slo, 'threshold', { path: ['slo'], around: null }, context),
    suites: (entry.suites ?? []).map((suite, index) => buildSuite(suite, ['suites', index], context)),
    costs: (entry.costs ?? []).map((cost, index) => buildCost(cost, ['costs', index], cite)),
    capacity: buildFacts(entry.capacity ?? {}, ['capacity'], cite),
    experiments: (entry.experiments ?? []).map((experiment, index) => buildExperiment(experiment, ['experiments', index], cite)),
    decisions: buildNotes(entry.decisions, ['decisions'], cite),
    decisionTrees: (entry.decisionTrees ?? []).map((tree, index) => buildTree(tree, ['decisionTrees', index], context)),
    roadmap: buildNotes(entry.roadmap, ['roadmap'], cite),
    checklist: buildNotes(entry.checklist, ['checklist'], cite),
    assumptions,
    notes: buildNotes(entry.notes, ['notes'], cite),
    omitted: (entry.omitted ?? []).flatMap(({ at, reason }) => readLines(String(at)).map((line) => ({ line, reason }))),
  };
}

function buildLoad(load: PlanFile['load'], cite: Citer, assumptions: readonly string[]): Plan['load'] {
  return {
    requestsPerUserPerMinute: perUser(load),
    dailyActiveShare: share(load.dailyActiveShare), peakConcurrentShare: share(load.peakConcurrentShare), readShare: share(load.readShare),
    assumes: assumed(load.assumes ?? [], ['load', 'assumes'], { cite, assumptions }),
    ...cite.sources({
      requestsPerUserPerMinute: ['load', load.requestsPerUserPerMinute === undefined ? 'requests' : 'requestsPerUserPerMinute'],
      ...Object.fromEntries(['dailyActiveShare', 'peakConcurrentShare', 'readShare'].map((name) => [name, ['load', name]])),
    }, cite.of(load.at, null, ['load'])),
  };
}

function share(written: string | number | undefined): number | null {
  return written === undefined ? null : numberOf(written);
}

/** As given, or the requests measured at a number of users, shared among them. */
function perUser(load: PlanFile['load']): Plan['load']['requestsPerUserPerMinute'] {
  if (load.requestsPerUserPerMinute !== undefined) {
    const { min, max } = rangeOf(load.requestsPerUserPerMinute);
    return { min, max: max ?? min };
  }
  // The schema asks for both where the figure itself is missing.
  const requests = quantityOf(load.requests ?? 0);
  const users = numberOf(load.users ?? 1);
  const each = (perSecond: number): number => Number(((perSecond * 60) / users).toPrecision(12));
  return { min: each(requests.min), max: each(requests.max ?? requests.min) };
}

function buildMilestone(entry: NonNullable<PlanFile['milestones']>[number], path: Path, context: PhaseContext): Milestone {
  const { cite } = context;
  const source = cite.of(entry.at, null, path);
  const isLate = entry.prepareBy !== undefined && numberOf(entry.prepareBy) > numberOf(entry.users);
  if (isLate) cite.fault([...path, 'prepareBy'], `expected at most the milestone's own ${numberOf(entry.users)} users: whoever prepares later is too late`);
  return {
    id: entry.id, source, title: cite.text(entry.title, source, [...path, 'title']).text, bottleneck: entry.bottleneck,
    users: numberOf(entry.users),
    prepareByUsers: entry.prepareBy === undefined ? null : numberOf(entry.prepareBy),
    leadTimeWeeks: rangeOrNull(entry.leadTime),
    symptoms: buildConditions(entry.symptoms, 'symptom', { path: [...path, 'symptoms'], around: source }, context),
    impact: cite.text(entry.impact, source, [...path, 'impact']).text,
    remedy: cite.text(entry.remedy, source, [...path, 'remedy']).text,
    costMonthlyUsd: rangeOrNull(entry.cost),
    ...cite.sources({
      users: [...path, 'users'], prepareByUsers: [...path, 'prepareBy'], leadTimeWeeks: [...path, 'leadTime'], costMonthlyUsd: [...path, 'cost'],
      impact: [...path, 'impact'], remedy: [...path, 'remedy'],
    }, source),
  };
}

type SuiteEntry = NonNullable<PlanFile['suites']>[number];

function buildSuite(entry: SuiteEntry, path: Path, context: PhaseContext): Suite {
  const { cite } = context;
  const source = cite.of(entry.at, null, path);
  const { concurrentUsers, ramp, sustain } = entry.profile ?? {};
  return {
    id: entry.id, source, assumes: assumed(entry.assumes ?? [], [...path, 'assumes'], context),
    purpose: cite.text(entry.purpose, source, [...path, 'purpose']).text,
    frequency: cite.text(entry.frequency, source, [...path, 'frequency']).text,
    thresholds: buildConditions(entry.thresholds, 'threshold', { path: [...path, 'thresholds'], around: source }, context),
    scenarios: (entry.scenarios ?? []).map((scenario) => cite.text(scenario, source, [...path, 'scenarios']).text),
    profile: {
      ...(concurrentUsers === undefined ? {} : { concurrentUsers }),
      ...(ramp === undefined ? {} : { rampSeconds: numberOf(ramp) / 1000 }),
      ...(sustain === undefined ? {} : { sustainSeconds: numberOf(sustain) / 1000 }),
    },
    ...suiteSources(entry, path, source, cite),
  };
}

function suiteSources({ profile }: SuiteEntry, path: Path, source: Source | null, cite: Citer): Pick<Suite, 'sources'> {
  const of = cite.of(profile?.at, source, [...path, 'profile']);
  const own = cite.sources({ purpose: [...path, 'purpose'], frequency: [...path, 'frequency'] }, source).sources;
  const times = cite.sources({ rampSeconds: [...path, 'profile', 'ramp'], sustainSeconds: [...path, 'profile', 'sustain'] }, of).sources;
  const rungs = profile?.concurrentUsers === undefined || profile.at === undefined || of === null ? {} : { concurrentUsers: of };
  const all = { ...own, ...times, ...rungs };
  return Object.keys(all).length === 0 ? {} : { sources: all };
}

function buildCost(entry: NonNullable<PlanFile['costs']>[number], path: Path, cite: Citer): Plan['costs'][number] {
  const source = cite.of(entry.at, null, path);
  const users = cite.text(String(entry.users), source, path);
  return {
    source: users.source, users: oneOrRange(rangeOf(entry.users)), monthlyUsd: rangeOf(entry.monthly),
    perUserUsd: entry.perUser === undefined ? null : numberOf(entry.perUser),
    note: entry.note === undefined ? null : cite.text(entry.note, source, path).text,
  };
}

function oneOrRange(range: Range): number | Range {
  return range.min === range.max ? range.min : range;
}

function buildNotes(entries: readonly PlanFileNote[] | undefined, list: Path, cite: Citer): readonly Note[] {
  return (entries ?? []).map((entry, index) => {
    const path = [...list, index];
    const map = typeof entry === 'string' ? { text: entry } : entry;
    const { text, source } = cite.text(map.text, cite.of(map.at, null, path), path);
    return map.figures === undefined ? { text, source } : { text, source, figures: buildFacts(map.figures, [...path, 'figures'], cite, source) };
  });
}

function buildExperiment(entry: NonNullable<PlanFile['experiments']>[number], path: Path, cite: Citer): Experiment {
  const { text: title, source } = cite.text(entry.title, cite.of(entry.at, null, path), [...path, 'title']);
  const details = entry.detail === undefined ? [] : [entry.detail].flat();
  return {
    id: entry.id, source, title, figures: buildFacts(entry.figures ?? {}, [...path, 'figures'], cite, source),
    detail: details.length === 0 ? null : details.map((one) => cite.text(one, source, [...path, 'detail']).text).join('; '),
  };
}

function checkIds(entry: PlanFile, cite: Citer): void {
  const lists = { phases: entry.phases, milestones: entry.milestones ?? [], suites: entry.suites ?? [], assumptions: entry.assumptions ?? [], decisionTrees: entry.decisionTrees ?? [] };
  for (const [list, entries] of Object.entries(lists)) {
    const seen = new Set<string>();
    for (const [index, { id }] of entries.entries()) {
      if (seen.has(String(id))) cite.fault([list, index, 'id'], `the id "${id}" stands here a second time`);
      seen.add(String(id));
    }
  }
}
