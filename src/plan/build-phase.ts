import { dirname, resolve } from 'node:path';

import type { Source } from '../model/condition.ts';
import { readLoadSpec } from '../model/load-spec.ts';
import type { PlanFile, PlanFileArchitecture, PlanFilePhase, PlanFileStep } from '../model/plan-file.ts';
import type { Architecture, Phase, Plan, PlanStep, Range } from '../model/plan.ts';
import { buildConditions } from './build-condition.ts';
import type { ConditionContext } from './build-condition.ts';
import { rangeOf, rangeOrNull } from './citer.ts';
import type { Path } from './citer.ts';
import { derivePhaseLoad } from './phase-load.ts';

export interface PhaseContext extends ConditionContext {
  /** Path of the plan file; scenarios are named relative to it. */
  readonly file: string;
  readonly load: Plan['load'];
  /** Steps of every phase that lists none of its own. */
  readonly steps: PlanFile['steps'];
}

export function buildPhase(entry: PlanFilePhase, path: Path, context: PhaseContext): Phase {
  const { cite } = context;
  const source = cite.of(entry.at, null);
  const users = rangeOf(entry.users);
  const cost = rangeOrNull(entry.cost);
  const within = (key: string): { path: Path; around: Source | null } => ({ path: [...path, key], around: source });
  const ownSteps = entry.steps !== undefined;
  return {
    id: String(entry.id),
    name: entry.name,
    source,
    users,
    timeline: entry.timeline === undefined ? null : cite.text(entry.timeline, source).text,
    load: { ...derivePhaseLoad(users, context.load, givenLoad(entry)), assumes: assumed([...(entry.load?.requests === undefined ? context.load.assumes : []), ...(entry.load?.assumes ?? [])], [...path, 'load', 'assumes'], context) },
    architecture: entry.architecture === undefined ? null : buildArchitecture(entry.architecture, { path: [...path, 'architecture'], around: source }, context),
    steps: (entry.steps ?? context.steps ?? []).map((step, index) => buildStep(step, ownSteps ? [...path, 'steps', index] : ['steps', index], context)),
    thresholds: buildConditions(entry.thresholds, 'threshold', within('thresholds'), context),
    triggers: buildConditions(entry.triggers, 'trigger', within('triggers'), context),
    actions: (entry.actions ?? []).map((action) => buildAction(action, source, context)),
    expects: (entry.expects ?? []).map((expected) => buildExpected(expected, source, context)),
    costs: cost === null ? null : { monthlyUsd: cost },
    ...cite.sources({
      users: entry.users, timeline: entry.timeline, costs: entry.cost,
      requestsPerSecond: entry.load?.requests, concurrentUsers: entry.load?.concurrentUsers, operationsPerDay: entry.load?.operationsPerDay,
    }, source),
  };
}

function givenLoad({ load }: PlanFilePhase): { requestsPerSecond: Range | null; concurrentUsers: Range | null; operationsPerDay: Range | null } {
  return {
    requestsPerSecond: load?.requests === undefined ? null : rangeOf(load.requests),
    concurrentUsers: load?.concurrentUsers === undefined ? null : rangeOf(load.concurrentUsers),
    operationsPerDay: load?.operationsPerDay === undefined ? null : rangeOf(load.operationsPerDay),
  };
}

function buildStep(step: PlanFileStep, path: Path, { cite, file }: PhaseContext): PlanStep {
  const model = step.model ?? (step.engine === 'autocannon' ? 'closed' : 'open');
  if (step.engine === 'autocannon' && model === 'open') cite.fault([...path, 'model'], 'autocannon drives the closed model; expected closed, or another engine');
  if (step.engine === 'artillery' && model === 'closed') cite.fault([...path, 'model'], 'artillery drives the open model; expected open, or another engine');
  if (model === 'closed' && step.users === undefined) cite.fault(path, 'the closed model needs users; expected a number of connections');
  if (model === 'open' && step.users !== undefined) cite.fault([...path, 'users'], 'users belong to the closed model; expected requestsPerSecond, or nothing for the rate of the phase');
  if (model === 'open' && step.requests !== undefined) cite.fault([...path, 'requests'], 'a count of requests belongs to the closed model; expected requestsPerSecond, or nothing for the rate of the phase');
  return {
    suite: step.suite, scenario: resolve(dirname(file), step.scenario), engine: step.engine, model,
    load: {
      ...(step.users === undefined ? {} : { users: step.users }),
      ...(step.requestsPerSecond === undefined ? {} : { requestsPerSecond: step.requestsPerSecond }),
      ...(step.requests === undefined ? {} : { requests: step.requests }),
      ...shapeOf(step, file),
    },
  };
}

function shapeOf({ shape: written }: PlanFileStep, file: string): Pick<PlanStep['load'], 'shape'> {
  const shape = written === undefined ? null : readLoadSpec(written);
  if (shape === null) return {};
  return { shape: shape.kind === 'replay' ? { ...shape, file: resolve(dirname(file), shape.file) } : shape };
}

function buildArchitecture(entry: PlanFileArchitecture, { path, around }: { readonly path: Path; readonly around: Source | null }, context: PhaseContext): Architecture {
  const { cite } = context;
  const source = cite.of(entry.at, around);
  const { workers } = entry;
  const byName = workers === undefined ? {} : typeof workers === 'object' ? workers : { all: workers };
  return {
    source, layers: entry.layers ?? [],
    instances: rangeOrNull(entry.instances),
    workers: Object.fromEntries(Object.entries(byName).map(([name, written]) => [name, rangeOf(written)])),
    replicas: rangeOrNull(entry.replicas), regions: rangeOrNull(entry.regions),
    poolPerInstance: rangeOrNull(entry.poolPerInstance), maxConnections: rangeOrNull(entry.maxConnections),
    ...(entry.assumes === undefined ? {} : { assumes: assumed(entry.assumes, [...path, 'assumes'], context) }),
    ...cite.sources({
      instances: entry.instances, replicas: entry.replicas, regions: entry.regions, poolPerInstance: entry.poolPerInstance, maxConnections: entry.maxConnections,
      ...Object.fromEntries(Object.entries(byName).map(([name, written]) => [`workers.${name}`, written])),
      // A figure that rests on an assumption has no line, least of all the one around it.
    }, entry.assumes === undefined ? source : null),
  };
}

/** Assumptions named beside figures of the load; one that the plan does not word is a fault. */
export function assumed(names: readonly string[], path: Path, { cite, assumptions }: Pick<PhaseContext, 'cite' | 'assumptions'>): readonly string[] {
  for (const name of names) if (!assumptions.includes(name)) cite.fault(path, `there is no assumption "${name}"`);
  return names;
}

type ActionEntry = NonNullable<PlanFilePhase['actions']>[number];
type ExpectedEntry = NonNullable<PlanFilePhase['expects']>[number];

function buildAction(entry: ActionEntry, around: Source | null, { cite }: PhaseContext): Phase['actions'][number] {
  const map = typeof entry === 'string' ? { title: entry } : entry;
  const { text: title, source } = cite.text(map.title, cite.of(map.at, around));
  const details = map.detail === undefined ? [] : [map.detail].flat();
  return {
    title, source,
    detail: details.length === 0 ? null : details.map((detail) => cite.text(detail, source).text).join('; '),
    effort: map.effort === undefined ? null : cite.text(map.effort, source).text,
  };
}

function buildExpected(entry: ExpectedEntry, around: Source | null, { cite }: PhaseContext): Phase['expects'][number] {
  const map = typeof entry === 'string' ? { text: entry } : entry;
  const { text, source } = cite.text(map.text, cite.of(map.at, around));
  const users = map.users === undefined ? null : cite.text(String(map.users), source);
  return { text, source: users?.source ?? source, users: users === null ? null : rangeOf(users.text) };
}
