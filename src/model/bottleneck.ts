/** The bottlenecks a milestone may name and the diagnosis may find; the order is that of the contract. */
export const BOTTLENECKS = [
  'db-connections', 'db-query', 'db-lock', 'qdrant', 'cache', 'node-cpu', 'event-loop-blocked', 'host-cpu',
  'memory', 'queue', 'file-reads', 'replica-lag', 'network', 'generator',
] as const;

export type BottleneckId = (typeof BOTTLENECKS)[number];

/** How a person says it. */
export const BOTTLENECK_TITLES: Readonly<Record<BottleneckId, string>> = {
  'db-connections': 'database connections',
  'db-query': 'database queries',
  'db-lock': 'database locks',
  qdrant: 'Qdrant vector search',
  cache: 'cache',
  'node-cpu': 'Node.js CPU',
  'event-loop-blocked': 'blocked event loop',
  'host-cpu': 'host CPU',
  memory: 'memory',
  queue: 'job queue',
  'file-reads': 'file reads',
  'replica-lag': 'replica lag',
  network: 'network',
  generator: 'load generator',
};
