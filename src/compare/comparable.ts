import { basename } from 'node:path';
import type { LoadShape } from '../model/load.ts';
import type { Run, RunStep } from '../model/run.ts';
import { twinOf } from './same-scenario.ts';

/** What two runs need to share, and what may differ but must be said. */
export interface Differing {
  /** Reasons not to compare. */
  readonly reasons: readonly string[];
  readonly notes: readonly string[];
}

type StepFacts = Omit<RunStep, 'intervals'>;
type RunHead = Pick<Run, 'id' | 'plan' | 'environment' | 'target'> & { readonly steps: readonly StepFacts[] };

/** Every run against the first: a comparison is of versions only where load, environment, plan and scenario are the same. */
export function differing(base: readonly RunHead[], head: readonly RunHead[]): Differing {
  const [first] = base;
  if (first === undefined) return { reasons: [], notes: [] };
  const [reasons, notes]: [Set<string>, Set<string>] = [new Set(), new Set()];
  for (const other of [...base.slice(1), ...head]) {
    for (const [what, one, two, forbids] of facts(first, other)) {
      if (one !== two) (forbids ? reasons : notes).add(`${what}: ${one} against ${two}`);
    }
    const steps = differingSteps(first, other);
    for (const reason of steps.reasons) reasons.add(reason);
    for (const note of steps.notes) notes.add(note);
  }
  return { reasons: [...reasons], notes: [...notes] };
}

/** Same load, by a machine of the same kind: runs whose noise is the same. The target's address may differ. */
export function isAlike(one: RunHead, two: RunHead): boolean {
  return facts(one, two).every(([, a, b, forbids]) => !forbids || a === b);
}

/** Everything that decides how a step's figures come about, but the version of what is measured and how long it was. */
export function loadOf({ suite, endpoint, engine, shape, timeoutMs }: StepFacts, scenario: string): string {
  return [suite, scenario, endpoint ? `${endpoint.journey} ${endpoint.step}` : '', engine, sayShape(shape), `time-out ${timeoutMs} ms`].filter((part) => part !== '').join(' · ');
}

type Fact = readonly [what: string, one: string, two: string, forbids: boolean];

function facts(one: RunHead, two: RunHead): Fact[] {
  const environment = (key: string): readonly [string, string] => [String(one.environment[key] ?? 'unknown'), String(two.environment[key] ?? 'unknown')];
  const gigabytes = (bytes: string): string => (Number.isFinite(Number(bytes)) ? `${Math.round(Number(bytes) / 1e9)} GB` : bytes);
  const [memory, otherMemory] = environment('memoryBytes');
  return [
    ['plan', one.plan.id, two.plan.id, true],
    ['phase', one.plan.phase, two.plan.phase, true],
    ['CPU', ...environment('cpu'), true],
    ['cores', ...environment('cores'), true],
    ['memory', gigabytes(memory), gigabytes(otherMemory), true],
    ['operating system', ...both(environment('os'), (text) => text.split(' ')[0] ?? text), true],
    ['Node', ...both(environment('node'), (text) => text.split('.')[0] ?? text), true],
    ['scaleplan', ...both(environment('scaleplan'), (text) => text.split('.').slice(0, 2).join('.')), true],
    // A CI gives every run another machine of the same kind: that is part of the noise between runs.
    ['host', ...environment('host'), false],
    ['operating system', ...environment('os'), false],
    ['servers', one.target.servers.join(', '), two.target.servers.join(', '), false],
  ];
}

function both([one, two]: readonly [string, string], change: (text: string) => string): readonly [string, string] {
  return [change(one), change(two)];
}

function differingSteps(first: RunHead, other: RunHead): Differing {
  const missing = [...first.steps.filter((step) => twinOf(step, other.steps) === undefined), ...other.steps.filter((step) => twinOf(step, first.steps) === undefined)];
  const pairs = first.steps.flatMap((step) => {
    const twin = twinOf(step, other.steps);
    return twin === undefined ? [] : [{ step, twin, key: stepName(step) }];
  });
  return {
    reasons: [...missing.map((step) => `only one side has ${stepName(step)}`), ...pairs.flatMap(({ step, twin, key }) => differingLoad(step, twin, key))],
    notes: pairs.flatMap(({ step, twin, key }) => {
      const unknown = [{ ...step, id: first.id }, { ...twin, id: other.id }].flatMap(({ scenarioHash, id }) => (scenarioHash === undefined ? [id] : []));
      return unknown.length === 1 ? [`scenario of ${key}: ${unknown[0]} does not say what it held, the name of the file is all there is`] : [];
    }),
  };
}

function differingLoad(step: StepFacts, twin: StepFacts, key: string): string[] {
  return [
    ...(isOtherScenario(step, twin) ? [`scenario of ${key}: its users do something else (content ${step.scenarioHash} against ${twin.scenarioHash})`] : []),
    ...(step.engine === twin.engine ? [] : [`engine of ${key}: ${step.engine} against ${twin.engine}`]),
    ...(step.engine !== twin.engine || step.engineVersion === twin.engineVersion ? [] : [`version of ${step.engine}: ${step.engineVersion} against ${twin.engineVersion}`]),
    ...(sayShape(step.shape) === sayShape(twin.shape) ? [] : [`load of ${key}: ${sayShape(step.shape)} against ${sayShape(twin.shape)}`]),
    ...(step.timeoutMs === twin.timeoutMs ? [] : [`time-out of ${key}: ${step.timeoutMs} ms against ${twin.timeoutMs} ms`]),
  ];
}

function isOtherScenario(one: StepFacts, two: StepFacts): boolean {
  return one.scenarioHash !== undefined && two.scenarioHash !== undefined && one.scenarioHash !== two.scenarioHash;
}

function stepName({ suite, scenario, endpoint }: StepFacts): string {
  return endpoint === null ? `${suite} (${basename(scenario)})` : `${suite} (${endpoint.journey}, ${endpoint.step})`;
}

/** The judged load, without its length: runs of any length may be compared. */
function sayShape(shape: LoadShape): string {
  if (shape.model === 'closed') return `${[...new Set(shape.stages.filter(({ judged }) => judged).map(({ users }) => users))].join(', ')} users`;
  const rates = shape.stages.filter(({ judged }) => judged).map(({ arrivalsPerSec: { from, to } }) => (from === to ? rate(from) : `${rate(from)} to ${rate(to)}`));
  return `${[...new Set(rates)].join(', ')} journeys/s`;
}

const rate = (value: number): string => String(Number(value.toPrecision(3)));
