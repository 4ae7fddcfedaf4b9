import { readLines } from '../model/address.ts';
import type { PlanFile, PlanFileNote } from '../model/plan-file.ts';
import type { Milestone, Note, Plan, Range, Suite } from '../model/plan.ts';
import { withBuiltInAssumptions } from './assumptions.ts';
import { buildCondition, buildConditions } from './build-condition.ts';
import { buildFacts } from './build-facts.ts';
import { assumed, buildPhase } from './build-phase.ts';
import type { PhaseContext } from './build-phase.ts';
import { numberOf, quantityOf, rangeOf, rangeOrNull } from './citer.ts';
import type { Citer, Path } from './citer.ts';

/** The plan a file describes: figures in canonical units, every entry with its address. Faults between entries go to `cite.faults`. */
export function buildPlan(entry: PlanFile, file: string, cite: Citer): Plan {
  const assumptions = withBuiltInAssumptions((entry.assumptions ?? []).map(({ at, ...rest }) => ({ ...rest, source: cite.of(at, null) })));
  const names = assumptions.map(({ id }) => id);
  const load = buildLoad(entry.load, cite, names);
  const context: PhaseContext = { cite, file, load, steps: entry.steps, documented: entry.document !== undefined, assumptions: names };
  checkIds(entry, cite);
  return {
    id: entry.id, title: cite.text(entry.title, null).text, source: { document: entry.document?.file ?? '' }, application: entry.application ?? 'ventures', file, load,
    phases: entry.phases.map((phase, index) => buildPhase(phase, ['phases', index], context)),
    milestones: (entry.milestones ?? []).map((milestone, index) => buildMilestone(milestone, ['milestones', index], context)),
    triggers: (entry.triggers ?? []).map(({ action, timeline, ...rest }, index) => ({
      ...buildCondition(rest, 'trigger', { path: ['triggers', index], around: null }, context),
      action: cite.text(action, null).text, timeline: timeline === undefined ? null : cite.text(timeline, null).text,
    })),
    alerts: (entry.alerts ?? []).map(({ severity, ...rest }, index) => ({
      ...buildCondition(rest, 'alert', { path: ['alerts', index], around: null }, context), severity,
    })),
    slo: buildConditions(entry.slo, 'threshold', { path: ['slo'], around: null }, context),
    suites: (entry.suites ?? []).map((suite, index) => buildSuite(suite, ['suites', index], context)),
    costs: (entry.costs ?? []).map((cost) => buildCost(cost, cite)),
    capacity: buildFacts(entry.capacity ?? {}, cite),
    experiments: (entry.experiments ?? []).map(({ id, at, title, detail, figures }) => {
      const { text, source } = cite.text(title, cite.of(at, null));
      return {
        id, source, title: text, figures: buildFacts(figures ?? {}, cite, source),
        detail: detail === undefined ? null : [detail].flat().map((one) => cite.text(one, source).text).join('; '),
      };
    }),
    decisions: buildNotes(entry.decisions, cite),
    roadmap: buildNotes(entry.roadmap, cite),
    checklist: buildNotes(entry.checklist, cite),
    assumptions,
    notes: buildNotes(entry.notes, cite),
    omitted: (entry.omitted ?? []).flatMap(({ at, reason }) => readLines(String(at)).map((line) => ({ line, reason }))),
  };
}

function buildLoad(load: PlanFile['load'], cite: Citer, assumptions: readonly string[]): Plan['load'] {
  return {
    requestsPerUserPerMinute: perUser(load),
    dailyActiveShare: share(load.dailyActiveShare), peakConcurrentShare: share(load.peakConcurrentShare), readShare: share(load.readShare),
    assumes: assumed(load.assumes ?? [], ['load', 'assumes'], { cite, assumptions }),
    ...cite.sources({
      requestsPerUserPerMinute: load.requestsPerUserPerMinute ?? load.requests, dailyActiveShare: load.dailyActiveShare,
      peakConcurrentShare: load.peakConcurrentShare, readShare: load.readShare,
    }, cite.of(load.at, null)),
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
  const source = cite.of(entry.at, null);
  const isLate = entry.prepareBy !== undefined && numberOf(entry.prepareBy) > numberOf(entry.users);
  if (isLate) cite.fault([...path, 'prepareBy'], `expected at most the milestone's own ${numberOf(entry.users)} users: whoever prepares later is too late`);
  return {
    id: entry.id, source, title: cite.text(entry.title, source).text, bottleneck: entry.bottleneck,
    users: numberOf(entry.users),
    prepareByUsers: entry.prepareBy === undefined ? null : numberOf(entry.prepareBy),
    leadTimeWeeks: rangeOrNull(entry.leadTime),
    symptoms: buildConditions(entry.symptoms, 'symptom', { path: [...path, 'symptoms'], around: source }, context),
    impact: cite.text(entry.impact, source).text,
    remedy: cite.text(entry.remedy, source).text,
    costMonthlyUsd: rangeOrNull(entry.cost),
    ...cite.sources({
      users: entry.users, prepareByUsers: entry.prepareBy, leadTimeWeeks: entry.leadTime, costMonthlyUsd: entry.cost, impact: entry.impact, remedy: entry.remedy,
    }, source),
  };
}

function buildSuite(entry: NonNullable<PlanFile['suites']>[number], path: Path, context: PhaseContext): Suite {
  const { cite } = context;
  const source = cite.of(entry.at, null);
  const { at, concurrentUsers, ramp, sustain } = entry.profile ?? {};
  return {
    id: entry.id, source, assumes: assumed(entry.assumes ?? [], [...path, 'assumes'], context),
    purpose: cite.text(entry.purpose, source).text,
    frequency: cite.text(entry.frequency, source).text,
    thresholds: buildConditions(entry.thresholds, 'threshold', { path: [...path, 'thresholds'], around: source }, context),
    scenarios: (entry.scenarios ?? []).map((scenario) => cite.text(scenario, source).text),
    profile: {
      ...(concurrentUsers === undefined ? {} : { concurrentUsers }),
      ...(ramp === undefined ? {} : { rampSeconds: numberOf(ramp) / 1000 }),
      ...(sustain === undefined ? {} : { sustainSeconds: numberOf(sustain) / 1000 }),
    },
    ...cite.sources({
      purpose: entry.purpose, frequency: entry.frequency, rampSeconds: ramp, sustainSeconds: sustain,
      concurrentUsers: concurrentUsers === undefined || at === undefined ? undefined : `@${at}`,
    }, cite.of(at, source)),
  };
}

function buildCost(entry: NonNullable<PlanFile['costs']>[number], cite: Citer): Plan['costs'][number] {
  const source = cite.of(entry.at, null);
  const users = cite.text(String(entry.users), source);
  return {
    source: users.source, users: oneOrRange(rangeOf(entry.users)), monthlyUsd: rangeOf(entry.monthly),
    perUserUsd: entry.perUser === undefined ? null : numberOf(entry.perUser),
    note: entry.note === undefined ? null : cite.text(entry.note, source).text,
  };
}

function oneOrRange(range: Range): number | Range {
  return range.min === range.max ? range.min : range;
}

function buildNotes(entries: readonly PlanFileNote[] | undefined, cite: Citer): readonly Note[] {
  return (entries ?? []).map((entry) => {
    const map = typeof entry === 'string' ? { text: entry } : entry;
    const { text, source } = cite.text(map.text, cite.of(map.at, null));
    return map.figures === undefined ? { text, source } : { text, source, figures: buildFacts(map.figures, cite, source) };
  });
}

function checkIds(entry: PlanFile, cite: Citer): void {
  const lists = { phases: entry.phases, milestones: entry.milestones ?? [], suites: entry.suites ?? [], assumptions: entry.assumptions ?? [] };
  for (const [list, entries] of Object.entries(lists)) {
    const seen = new Set<string>();
    for (const [index, { id }] of entries.entries()) {
      if (seen.has(String(id))) cite.fault([list, index, 'id'], `the id "${id}" stands here a second time`);
      seen.add(String(id));
    }
  }
}
