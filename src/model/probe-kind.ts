/** The servers that can be read while the load runs. */
export type ProbeKind =
  | 'postgres' | 'pgbouncer' | 'redis' | 'bullmq' | 'qdrant' | 'node' | 'host' | 'process' | 'prometheus' | 'browser' | 'generator';
