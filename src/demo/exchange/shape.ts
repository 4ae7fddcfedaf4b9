import { instancesOf, missingHere } from '../app/shared-machine.ts';
import type { Architecture } from '../../model/plan.ts';

/** Two of each show that they share the work; more would only share the cores of a small machine. */
const MOST_WORKERS = 2;
const MOST_REPLICAS = 2;

/** What the application is built of. */
export interface Shape {
  readonly hasRedis: boolean;
  readonly instances: number;
  readonly workers: number;
  readonly replicas: number;
  /** What the phase has and this machine does not. */
  readonly adjustments: readonly string[];
}

/** The phase's architecture, as far as one machine can give it; without a phase, PostgreSQL with Redis and one worker. */
export function shapeOf(architecture: Architecture | null, mayUseRedis: boolean): Shape {
  const hasRedis = mayUseRedis && (architecture?.layers.includes('redis') ?? true);
  const askedWorkers = Object.values(architecture?.workers ?? {}).reduce((sum, { min }) => sum + min, 0);
  const regions = architecture?.regions?.min ?? 1;
  // A region without a database of its own would read across the world: each has a replica at least.
  const askedReplicas = architecture?.replicas?.min ?? (regions > 1 ? regions : 0);
  const workers = hasRedis ? Math.min(MOST_WORKERS, Math.max(1, askedWorkers)) : 0;
  const replicas = Math.min(MOST_REPLICAS, askedReplicas);
  return {
    hasRedis, workers, replicas, instances: instancesOf(architecture),
    adjustments: [
      ...missingHere(architecture),
      ...(hasRedis && askedWorkers > workers ? [`${workers} workers stand for ${askedWorkers}: more of them would share the same cores`] : []),
      ...(askedReplicas > replicas ? [`${replicas} read replicas stand for ${askedReplicas}: more of them would share the same disk`] : []),
    ],
  };
}
