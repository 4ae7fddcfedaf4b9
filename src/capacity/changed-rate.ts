import type { Estimate } from '../model/estimate.ts';
import type { Plan } from '../model/plan.ts';
import { rateAt, type Limit } from './limit.ts';
import type { Changes } from './read-changes.ts';

/**
 * The rate that breaks a resource with other servers: of the pool its connections, of pool and event loop the instances. With replicas each reads
 * its share of what is read, with a pool of the same size for each database; writes stay where they are.
 */
export function changedRate({ resource, demand, waitSeconds }: Limit, { load }: Plan, { pool, instances, replicas }: Changes): Estimate {
  const isPool = resource.id === 'db-connections';
  const isInstance = isPool || resource.id === 'node-cpu';
  const queues = isInstance ? (instances ?? resource.queues) : resource.queues;
  const servers = isPool ? (pool ?? resource.servers) : resource.servers;
  // What keeps an instance busy without requests does so in each of them.
  const idle = (demand.idle * queues) / resource.queues;
  const read = (load.readShare ?? 0) / 100;
  const shares = isPool && replicas !== undefined && replicas > 0 && read > 0 ? [1 - read, read / replicas] : [1];
  const rates = shares.filter((share) => share > 0).map((share) => rateAt({ ...demand, idle, seconds: demand.seconds * share }, { servers, queues }, waitSeconds));
  return rates.reduce((a, b) => (b.mid < a.mid ? b : a));
}
