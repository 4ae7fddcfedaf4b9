import { fillHost, shrinkCache } from './faults.ts';
import type { Situation } from './situation.ts';

/** Judged part of a recording: four of the ten-second windows the diagnosis looks at. */
const JUDGED_SECONDS = 40;
/** Reference, ramp and warm-up take 30 s, the command a second or two: ten seconds into the judged part. */
const MID_RUN_SECONDS = 42;

const ventures = { application: 'ventures', phase: '2', judgedSeconds: JUDGED_SECONDS } as const;
const walls = { ...ventures, application: 'walls', phase: '1' } as const;
const exchange = { ...ventures, application: 'exchange', flags: ['--rate', '20'] } as const;
const honeyjar = { ...ventures, application: 'honeyjar', flags: ['--rate', '12'] } as const;
const stolenTee = { ...ventures, application: 'stolen-tee', phase: '1' } as const;

/** Every labelled situation that can be recorded: `npm run bench -- record [name…]`. */
export const SITUATIONS: readonly Situation[] = [
  { ...ventures, name: 'healthy-as-planned', label: [], because: 'the reference application at the load it is built for', demo: null },
  { ...ventures, name: 'healthy-at-a-third', label: [], because: 'the same at 11 requests/s', demo: null, flags: ['--rate', '11'] },
  { ...ventures, name: 'db-connections-from-the-start', label: ['db-connections'], because: 'reports need 2.4 connections for 180 ms each, and the pool has 2', demo: 'db-connections' },
  { ...ventures, name: 'qdrant-from-the-start', label: ['qdrant'], because: 'a search reads 2 MB from a volume of 5 MB/s: 2.4 searches/s, and 3.3 are asked for', demo: 'qdrant' },
  { ...ventures, name: 'cache-from-the-start', label: ['cache'], because: 'a Redis of 2 MB for a working set of 5 MB', demo: 'cache' },
  { ...ventures, name: 'node-cpu-from-the-start', label: ['node-cpu'], because: 'forecasts of 125 ms for 6.7 dashboards/s need 83 % of the one thread, before anything else', demo: 'node-cpu' },
  {
    ...ventures, name: 'cache-shrunk-mid-run', label: ['cache'], demo: null, because: 'Redis is cut to 2 MB while the load runs: the working set is 5 MB',
    fault: { afterSeconds: MID_RUN_SECONDS, begin: shrinkCache(2_000_000) },
  },
  {
    ...ventures, name: 'healthy-on-a-host-filled-mid-run', label: [], demo: null, because: 'eight busy processes on the same cores, beside an application that needs 4 % of one: the kernel gives it what it needs, and its users are served in time',
    fault: { afterSeconds: MID_RUN_SECONDS, begin: fillHost(8) },
  },
  { ...walls, name: 'file-reads-from-the-start', label: ['file-reads'], because: 'a volume that reads one file at a time in 450 ms: 2.2 reads/s, and 2.5 are asked for', demo: 'file-reads' },
  { ...exchange, name: 'queue-of-mentions', label: ['queue'], because: 'two workers tell a network that takes 2 s one mention at a time: 1/s, and more come', demo: 'queue' },
  { ...exchange, name: 'replica-lag-of-three-seconds', label: ['replica-lag'], because: 'replicas replay what the primary has committed 3 s later', demo: 'replica-lag', phase: '3' },
  { ...exchange, name: 'db-connections-of-slow-pages', label: ['db-connections'], because: 'PostgreSQL with one connection, and pages that hold it for 3 s each', demo: 'db-connections' },
  { ...honeyjar, name: 'queue-of-answers', label: ['queue'], because: 'a model that takes 2.5 s, asked for one answer at a time', demo: 'queue' },
  { ...honeyjar, name: 'db-query-on-a-slow-storage', label: ['db-query'], because: 'every retrieval that no cache answers takes 700 ms of the storage', demo: 'db-query' },
  { ...stolenTee, name: 'node-cpu-of-lists', label: ['node-cpu'], because: 'lists of products that compute 90 ms each on the event loop', demo: 'node-cpu' },
  { ...stolenTee, name: 'db-connections-of-a-shop', label: ['db-connections'], because: 'queries that are not cached and hold one of five connections for 350 ms each', demo: 'db-connections' },
  { ...walls, name: 'healthy-files', label: [], because: 'the application on files alone, at the load it is built for', demo: null },
  { ...exchange, name: 'healthy-exchange', label: [], because: 'the application at the load it is built for', demo: null },
  { ...stolenTee, name: 'healthy-shop', label: [], because: 'the application at the load it is built for', demo: null },
];
