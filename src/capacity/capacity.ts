import type { Condition } from '../model/condition.ts';
import type { Phase, Plan, Range } from '../model/plan.ts';
import { concurrentUsers, type ConcurrentUsers } from './concurrent-users.ts';
import { connectionsEach, connectionsNeeded, type ConnectionsEach, type ConnectionsNeeded } from './connections.ts';
import { atMost, inputOf, type GivenFigures, type Input } from './inputs.ts';
import { queueing, type Queueing } from './queueing.ts';
import { walkTree, type Answer, type Walk } from './walk.ts';

/** The load a phase means, how it was derived, and what it asks of the connections. */
export interface PhaseCapacity {
  readonly id: string;
  readonly name: string;
  readonly users: Range;
  readonly requestsPerSecond: number;
  readonly derivation: string;
  readonly concurrentUsers: number | null;
  readonly connections: ConnectionsNeeded | null;
  readonly queueing: Queueing | null;
}

/** A plan's arithmetic. A part whose figures are not all known is null, and `missing` says what it would take. */
export interface Capacity {
  readonly plan: string;
  readonly phases: readonly PhaseCapacity[];
  readonly connections: ConnectionsNeeded | null;
  readonly connectionsEach: ConnectionsEach | null;
  readonly concurrentUsers: ConcurrentUsers | null;
  /** At the rate and response time that were given. */
  readonly queueing: Queueing | null;
  /** Where the response time of the queueing comes from. */
  readonly latency: Input | null;
  readonly decisions: readonly Walk[];
  readonly missing: readonly string[];
}

/** The arithmetic of a plan, or of one of its phases, on the user's figures and, where they give none, the plan's. */
export function capacityOf(plan: Plan, phase: Phase | null, given: GivenFigures, answer: (question: Condition) => Answer): Capacity {
  const of = (group: Parameters<typeof inputOf>[2], name: string, own: Range | undefined, at: Phase | null = phase): Input | null => inputOf(plan, at, group, name, own);
  const latency = of('baseline', 'latency', given.latencyMs) ?? of('baseline', 'p50', undefined) ?? of('baseline', 'responseTime', undefined);
  const connections = all(of('needed', 'instances', given.instances), of('needed', 'connectionsPerInstance', given.connectionsPerInstance), of('needed', 'limit', given.limit));
  const each = all(of('each', 'limit', given.limit), of('each', 'instances', given.instances));
  const users = all(of('users', 'instances', given.instances), of('users', 'connectionsPerInstance', given.connectionsPerInstance), of('users', 'requestsPerConnection', given.requestsPerConnection));
  return {
    plan: plan.id,
    phases: (phase === null ? plan.phases : [phase]).map((one) => phaseCapacity(plan, one, given, latency)),
    connections: connections && connectionsNeeded(...connections),
    connectionsEach: each && connectionsEach(...each),
    concurrentUsers: users && concurrentUsers(...users, of('users', 'margin', given.marginPercent)),
    queueing: given.ratePerSec === undefined || latency === null ? null : queueing(atMost(given.ratePerSec), atMost(latency)),
    latency,
    decisions: plan.decisionTrees.map((tree) => walkTree(tree, answer)),
    missing: missingFor({ connections, each, users, latency }),
  };
}

/** What the document says of the phase alone: a figure of the whole plan must not pass for one of every phase. */
function phaseCapacity(plan: Plan, phase: Phase, given: GivenFigures, latency: Input | null): PhaseCapacity {
  const of = (name: string, own: Range | undefined): Input | null => {
    const found = inputOf(plan, phase, 'needed', name, own);
    return found?.from === 'plan' ? null : found;
  };
  const connections = all(of('instances', given.instances), of('connectionsPerInstance', given.connectionsPerInstance), of('limit', given.limit));
  const isAboutThePhase = connections?.some((input) => input.from === 'phase') === true;
  const { id, name, users, load } = phase;
  return {
    id, name, users, requestsPerSecond: load.requestsPerSecond, derivation: load.derivation, concurrentUsers: load.concurrentUsers,
    connections: isAboutThePhase && connections !== null ? connectionsNeeded(...connections) : null,
    queueing: latency === null ? null : queueing(load.requestsPerSecond, atMost(latency)),
  };
}

function missingFor(known: Readonly<Record<'connections' | 'each' | 'users' | 'latency', unknown>>): string[] {
  return [
    known.connections === null ? 'connections needed: --instances, --connections and --limit' : null,
    known.each === null ? 'connections for each instance: --limit and --instances' : null,
    known.users === null ? 'concurrent users: --instances, --connections and --requests-per-connection' : null,
    known.latency === null ? 'requests at the same time, and servers for them: --latency' : null,
  ].filter((one) => one !== null);
}

/** All of them, or null as soon as one is not known. */
function all<const T extends readonly (Input | null)[]>(...inputs: T): { [K in keyof T]: Input } | null {
  // Every entry was just found to be there.
  return inputs.includes(null) ? null : (inputs as unknown as { [K in keyof T]: Input });
}
