import { dirname, resolve } from 'node:path';

import type { Source } from '../model/condition.ts';
import { readLoadSpec } from '../model/load-spec.ts';
import type { PlanFile, PlanFileArchitecture, PlanFilePhase, PlanFileStep } from '../model/plan-file.ts';
import type { Architecture, Phase, Plan, PlanStep, Range } from '../model/plan.ts';
import { buildConditions } from './build-condition.ts';
import type { ConditionContext } from './build-condition.ts';
import { rangeOf, rangeOrNull } from './citer.ts';
import type { Citer, Path } from './citer.ts';
import { derivePhaseLoad } from './phase-load.ts';

/** Where an entry stands, and the address of what it stands in. */
interface Where {
  readonly path: Path;
  readonly around: Source | null;
}

export interface PhaseContext extends ConditionContext {
  readonly load: Plan['load'];
  /** Steps of every phase that lists none of its own. */
  readonly steps: PlanFile['steps'];
}

export function buildPhase(entry: PlanFilePhase, path: Path, context: PhaseContext): Phase {
  const { cite } = context;
  const source = cite.of(entry.at, null, path);
  const users = rangeOf(entry.users);
  const cost = rangeOrNull(entry.cost);
  const within = (key: string): Where => ({ path: [...path, key], around: source });
  const ownSteps = entry.steps !== undefined;
  return {
    id: String(entry.id),
    name: entry.name,
    source,
    users,
    timeline: entry.timeline === undefined ? null : cite.text(entry.timeline, source, [...path, 'timeline']).text,
    load: { ...derivePhaseLoad(users, context.load, givenLoad(entry)), assumes: assumed([...(entry.load?.requests === undefined ? context.load.assumes : []), ...(entry.load?.assumes ?? [])], [...path, 'load', 'assumes'], context) },
    architecture: entry.architecture === undefined ? null : buildArchitecture(entry.architecture, { path: [...path, 'architecture'], around: source }, context),
    steps: (entry.steps ?? context.steps ?? []).map((step, index) => buildStep(step, ownSteps ? [...path, 'steps', index] : ['steps', index], context)),
    thresholds: buildConditions(entry.thresholds, 'threshold', within('thresholds'), context),
    triggers: buildConditions(entry.triggers, 'trigger', within('triggers'), context),
    actions: (entry.actions ?? []).map((action, index) => buildAction(action, { path: [...path, 'actions', index], around: source }, context)),
    expects: (entry.expects ?? []).map((expected, index) => buildExpected(expected, { path: [...path, 'expects', index], around: source }, context)),
    costs: cost === null ? null : { monthlyUsd: cost },
    ...cite.sources({
      users: [...path, 'users'], timeline: [...path, 'timeline'], costs: [...path, 'cost'],
      requestsPerSecond: [...path, 'load', 'requests'], concurrentUsers: [...path, 'load', 'concurrentUsers'], operationsPerDay: [...path, 'load', 'operationsPerDay'],
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

function buildStep(step: PlanFileStep, path: Path, { cite }: PhaseContext): PlanStep {
  const model = step.model ?? (step.engine === 'autocannon' ? 'closed' : 'open');
  if (step.engine === 'autocannon' && model === 'open') cite.fault([...path, 'model'], 'autocannon drives the closed model; expected closed, or another engine');
  if (step.engine === 'artillery' && model === 'closed') cite.fault([...path, 'model'], 'artillery drives the open model; expected open, or another engine');
  if (model === 'closed' && step.users === undefined) cite.fault(path, 'the closed model needs users; expected a number of connections');
  if (model === 'open' && step.users !== undefined) cite.fault([...path, 'users'], 'users belong to the closed model; expected requestsPerSecond, or nothing for the rate of the phase');
  if (model === 'open' && step.requests !== undefined) cite.fault([...path, 'requests'], 'a count of requests belongs to the closed model; expected requestsPerSecond, or nothing for the rate of the phase');
  return {
    suite: step.suite, scenario: besideFile([...path, 'scenario'], step.scenario, cite), engine: step.engine, model,
    ...(step.profile === undefined ? {} : { profile: step.profile }),
    load: {
      ...(step.users === undefined ? {} : { users: step.users }),
      ...(step.requestsPerSecond === undefined ? {} : { requestsPerSecond: step.requestsPerSecond }),
      ...(step.requests === undefined ? {} : { requests: step.requests }),
      ...shapeOf(step, path, cite),
    },
  };
}

/** Paths are relative to the file they were written in, which of an inherited step is not the plan's own. */
function besideFile(path: Path, written: string, cite: Citer): string {
  return resolve(dirname(cite.place(path).file), written);
}

function shapeOf({ shape: written }: PlanFileStep, path: Path, cite: Citer): Pick<PlanStep['load'], 'shape'> {
  const shape = written === undefined ? null : readLoadSpec(written);
  if (shape === null) return {};
  return { shape: shape.kind === 'replay' ? { ...shape, file: besideFile([...path, 'shape'], shape.file, cite) } : shape };
}

function buildArchitecture(entry: PlanFileArchitecture, { path, around }: Where, context: PhaseContext): Architecture {
  const { cite } = context;
  const source = cite.of(entry.at, around, path);
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
      ...Object.fromEntries(['instances', 'replicas', 'regions', 'poolPerInstance', 'maxConnections'].map((name) => [name, [...path, name]])),
      ...Object.fromEntries(Object.keys(byName).map((name) => [`workers.${name}`, [...path, 'workers', ...(typeof workers === 'object' ? [name] : [])]])),
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

function buildAction(entry: ActionEntry, { path, around }: Where, { cite }: PhaseContext): Phase['actions'][number] {
  const map = typeof entry === 'string' ? { title: entry } : entry;
  const { text: title, source } = cite.text(map.title, cite.of(map.at, around, path), path);
  const details = map.detail === undefined ? [] : [map.detail].flat();
  return {
    title, source,
    detail: details.length === 0 ? null : details.map((detail) => cite.text(detail, source, path).text).join('; '),
    effort: map.effort === undefined ? null : cite.text(map.effort, source, path).text,
  };
}

function buildExpected(entry: ExpectedEntry, { path, around }: Where, { cite }: PhaseContext): Phase['expects'][number] {
  const map = typeof entry === 'string' ? { text: entry } : entry;
  const { text, source } = cite.text(map.text, cite.of(map.at, around, path), path);
  const users = map.users === undefined ? null : cite.text(String(map.users), source, path);
  return { text, source: users?.source ?? source, users: users === null ? null : rangeOf(users.text) };
}
