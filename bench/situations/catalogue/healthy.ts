import { creeping, later, together } from '../faults/combine.ts';
import { heavyReport, hold, slowStorage, takeSlots } from '../faults/database.ts';
import { burstsOnHost, fillHost, holdBack, limitGroup, slowWay, strained } from '../faults/machine.ts';
import { emptyCache, searchToo, shrinkCache } from '../faults/stores.ts';
import type { Fault, Situation } from '../situation.ts';
import { exchange, honeyjar, stolenTee, ventures, walls } from './systems.ts';

const SHORT = 13;
const AS_BUILT = 'the application at a load it can carry';

/** Applications and phases, each at these rates, shapes and lengths. */
const PLAIN: readonly Situation[] = [
  ...rates({ ...ventures, phase: '1' }, 'ventures-small', [3, 8]),
  ...rates(ventures, 'ventures', [11, 20, 33, 45]),
  ...rates({ ...walls, phase: '1' }, 'walls-files', [2, 5]),
  ...rates({ ...walls, phase: '2' }, 'walls', [10, 25, 50]),
  ...rates({ ...walls, phase: '3' }, 'walls-layers', [20, 60]),
  ...rates({ ...exchange, phase: '0' }, 'exchange-today', [1, 4]),
  ...rates({ ...exchange, phase: '1' }, 'exchange', [8, 20]),
  ...rates(exchange, 'exchange-with-replicas', [12, 30]),
  ...rates({ ...honeyjar, phase: '1' }, 'honeyjar-small', [6, 12]),
  ...rates(honeyjar, 'honeyjar', [10, 25]),
  ...rates({ ...stolenTee, phase: '0' }, 'shop-small', [5, 10]),
  ...rates(stolenTee, 'shop', [15, 40]),
  ...rates({ ...stolenTee, phase: '2' }, 'shop-with-cache', [20, 45]),
];

const SHAPED: readonly Situation[] = [
  ...shaped(ventures, 'ventures', 30), ...shaped({ ...walls, phase: '2' }, 'walls', 25), ...shaped({ ...exchange, phase: '1' }, 'exchange', 15), ...shaped(stolenTee, 'shop', 25), ...shaped(honeyjar, 'honeyjar', 15),
];

const storage = (ms: number): Partial<Situation> => ({ settings: { reportStorageMs: ms, poolMax: 20 } });

/** Something goes on that looks like trouble, and nobody is harmed. */
const WITH_SIGNS: readonly Situation[] = [
  { ...ventures, name: 'healthy-as-planned', label: [], because: 'the reference application at the load it is built for' },
  { ...ventures, name: 'healthy-on-a-host-filled-mid-run', label: [], because: 'eight busy processes on the same cores, beside an application that needs 4 % of one: the kernel gives it what it needs, and its users are served in time', fault: { afterSeconds: 4, begin: fillHost(8) } },
  busy('healthy-busy-thread', 12, { computeMs: 55 }), busy('healthy-busier-thread', 25, { computeMs: 28 }), busy('healthy-nearly-full-thread', 33, { computeMs: 23 }), busy('healthy-half-full-thread', 33, { computeMs: 12 }),
  during('healthy-computes-for-a-moment', 'one computation of 400 ms, once', strained({ pauseMs: 0 }), { strain: { pauseMs: 150, pauseEveryMs: 4000 } }),
  during('healthy-cold-cache', 'the cache is emptied, and fills again', emptyCache, storage(40)),
  during('healthy-cold-cache-with-dear-misses', 'the cache is emptied, and fills again; a miss takes 120 ms', emptyCache, storage(120)),
  from('healthy-cold-from-the-start', 'the cache is empty when the load begins', emptyCache, storage(60)),
  during('healthy-small-cache', 'a cache too small, before reports that take a few milliseconds', shrinkCache(1_800_000)),
  during('healthy-smaller-cache', 'a cache that holds next to nothing, before reports that take a few milliseconds', shrinkCache(1_300_000), { ratePerSec: 15 }),
  during('healthy-full-cache', 'a cache of 3 MB that has to evict a little', shrinkCache(3_000_000)),
  slow('healthy-slow-reports', 120, 4), slow('healthy-slow-storage', 80, 12), slow('healthy-slower-storage', 150, 6), slow('healthy-slow-at-a-third', 100, 11),
  during('healthy-short-locks', 'a job locks the entries of the reports for 25 ms at a time', hold('lock table financial_entries in access exclusive mode', 25, 400), { settings: { cacheReports: false } }),
  { ...stolenTee, name: 'healthy-lock-of-few-orders', label: [], because: 'orders wait for a lock that an export holds for 1.5 s at a time, and they are so few that nobody else is touched: the plan’s limits hold', fault: { afterSeconds: 4, begin: hold('lock table orders in share row exclusive mode', 1500, 200) } },
  { ...walls, name: 'healthy-cache-of-histories', label: [], because: 'a Redis of 2 MB for histories of 80 kB evicts them, before files that are read in time all the same', phase: '2', demo: 'cache', settings: { volumeReadMs: 55 }, ratePerSec: 25 },
  { ...ventures, name: 'healthy-vectors-that-pause', label: [], because: 'the vector store gets no time for 900 of 1,100 ms: a search waits for up to a second, and people are promised five', isPreloaded: true, fault: { afterSeconds: 4, begin: holdBack(({ demo }) => demo.pids['vectors'] ?? 0, 900, 200) } },
  { ...ventures, name: 'healthy-lock-of-the-worker', label: [], because: 'what is published waits for a lock on notifications for up to 1.2 s, and people are promised two', fault: { afterSeconds: 4, begin: hold('lock table notifications in share row exclusive mode', 1200, 100) } },
  { ...ventures, name: 'healthy-beside-six-processes', label: [], because: 'six busy processes come to the same cores, and the application is served in time all the same', strain: { computeMs: 6 }, fault: { afterSeconds: 4, begin: fillHost(6) } },
  { ...ventures, name: 'healthy-beside-more-and-more-processes', label: [], because: 'more and more busy processes come to the same cores, and the application is served in time all the same', ratePerSec: 25, strain: { computeMs: 8 }, fault: { afterSeconds: 2, begin: together(...[1, 3, 5, 7, 9].map((second) => later(second, fillHost(2)))) } },
  { ...exchange, name: 'healthy-pages-beside-eight-processes', label: [], because: 'eight busy processes come to the same cores, and the pages are served in time all the same', phase: '1', strain: { computeMs: 8 }, fault: { afterSeconds: 4, begin: fillHost(8) } },
  { ...ventures, name: 'healthy-in-a-wide-group', label: [], because: 'a control group allows the application a whole core, and it needs a fifth of one', strain: { computeMs: 4 }, fault: { afterSeconds: 4, begin: limitGroup(100) } },
  { ...ventures, name: 'healthy-under-k6', label: [], because: 'k6 puts the planned load on a healthy system', engine: 'k6' },
  { ...ventures, name: 'healthy-behind-two-neighbours', label: [], because: 'two neighbours are busy on both cores from before the first request on, and the application, which needs a twentieth of one, gets it', before: fillHost(2) },
  during('healthy-one-lock', 'one lock of 150 ms, every five seconds', hold('lock table financial_entries in access exclusive mode', 150, 5000), { settings: { cacheReports: false } }),
  during('healthy-lock-nobody-wants', 'a session holds a lock that nobody asks for', hold('select pg_advisory_xact_lock(42)', 20_000, 100), { ratePerSec: 15, phase: '1' }),
  during('healthy-forgotten-transaction', 'a session forgets its transaction, which locks nothing', hold('select 1', 30_000, 0)),
  from('healthy-idle-sessions', 'forty sessions of other programs that do nothing', takeSlots(36)),
  from('healthy-many-idle-sessions', 'nearly all slots are taken by sessions that do nothing, after the application has its own', takeSlots(46), { ratePerSec: 12 }),
  during('healthy-heavy-report', 'somebody runs a heavy report beside the users', heavyReport(2000, 3000)),
  during('healthy-heavy-reports', 'somebody runs one report after the other beside the users', heavyReport(800, 700), { ratePerSec: 15 }),
  during('healthy-other-searches', 'another program searches ten times a second', searchToo(10)),
  during('healthy-slow-searches', 'the vector store pauses for 60 ms now and then', holdBack(({ demo }) => demo.pids['vectors'] ?? 0, 60, 900)),
  during('healthy-neighbour', 'one busy process beside it', fillHost(1)), during('healthy-two-neighbours', 'two busy processes beside it', fillHost(2)),
  during('healthy-neighbours-that-come-and-go', 'two processes that are busy half of the time', burstsOnHost(2, 300, 300)),
  during('healthy-neighbour-in-bursts', 'a process that is busy for a second now and then', burstsOnHost(1, 1000, 3000), { ratePerSec: 15 }),
  during('healthy-garbage', 'each request makes 1 MB of garbage', strained({ garbageBytes: 1_000_000 }), { first: ['app'] }),
  during('healthy-much-garbage', 'each request makes 4 MB of garbage', strained({ garbageBytes: 4_000_000 }), { first: ['app'], ratePerSec: 15 }),
  during('healthy-garbage-in-a-small-heap', 'each request makes 1 MB of garbage, in a heap of 200 MB', strained({ garbageBytes: 1_000_000 }), { nodeFlags: '--max-old-space-size=200' }),
  during('healthy-slow-leak', 'each request leaves 5 kB: hours away from any limit', strained({ leakBytes: 5000 })),
  during('healthy-growing-heap', 'each request leaves 60 kB, in a heap of 2 GB', strained({ leakBytes: 60_000 })),
  during('healthy-short-pauses', 'the thread stands still for 40 ms every second', strained({ pauseMs: 40, pauseEveryMs: 1000 })),
  during('healthy-rare-pauses', 'the thread stands still for 180 ms every six seconds', strained({ pauseMs: 180, pauseEveryMs: 6000 })),
  during('healthy-short-waits', 'each request waits in a synchronous call for 4 ms', strained({ blockMs: 4 })),
  during('healthy-longer-way', 'a way of 30 ms between clients and application', slowWay(30), { isProxied: true }),
  during('healthy-long-way', 'a way of 90 ms between clients and application', slowWay(90), { isProxied: true }),
  from('healthy-behind-a-proxy', 'a proxy that passes everything on', slowWay(0), { isProxied: true }),
  during('healthy-narrow-way', 'a way of 400 kB/s, which is enough', slowWay(5, 400_000), { isProxied: true, ratePerSec: 20 }),
  during('healthy-short-transactions', 'transactions stay open for 8 ms after each statement', strained({ holdMs: 8 })),
  during('healthy-storage-slower', 'the storage takes 15 ms more for each report', slowStorage(15), { settings: { cacheReports: false } }),
  during('healthy-storage-slower-for-a-moment', 'the storage takes 60 ms more for each report, for a while', later(1, slowStorage(60)), { settings: { cacheReports: false }, ratePerSec: 12 }),
  during('healthy-a-little-more', 'each request computes a little longer, up to 6 ms', creeping(10, ({ strain }, share) => strain({ computeMs: 6 * share }))),
  { ...exchange, name: 'healthy-replicas-a-little-late', label: [], because: 'replicas replay 60 ms later', settings: {}, judgedSeconds: SHORT, ratePerSec: 18 },
  { ...exchange, name: 'healthy-queue-of-quick-jobs', label: [], because: 'workers that keep up, at 300 ms a mention', settings: { replyMs: 300, concurrency: 8 }, ratePerSec: 25 },
  { ...exchange, name: 'healthy-queue-of-slow-jobs', label: [], because: 'workers that keep up, at 900 ms a mention, ten at a time', settings: { replyMs: 900, concurrency: 12 }, ratePerSec: 15 },
  { ...honeyjar, name: 'healthy-slow-model', label: [], because: 'a model that takes 400 ms, asked for many answers at once', settings: { modelMs: 400 }, ratePerSec: 10 },
  { ...walls, name: 'healthy-slower-volume', label: [], because: 'a volume that reads a file in 20 ms: 50 a second, and 10 are asked for', settings: { layers: ['files'], volumeReadMs: 20 }, ratePerSec: 10 },
  { ...walls, name: 'healthy-slow-volume-at-rest', label: [], because: 'a volume that reads a file in 80 ms, and two a second are asked for', settings: { layers: ['files'], volumeReadMs: 80 }, ratePerSec: 2 },
  { ...ventures, name: 'healthy-endpoints-alone', label: [], because: 'each endpoint alone, flooded by as many connections as the plan says', suite: 'unit', judgedSeconds: 3 },
  { ...walls, name: 'healthy-endpoints-of-walls', label: [], because: 'each endpoint alone', phase: '2', suite: 'unit', judgedSeconds: 3 },
  { ...ventures, name: 'healthy-workflows', label: [], because: 'the workflows of the integration suite', suite: 'integration', judgedSeconds: SHORT },
  { ...ventures, name: 'healthy-with-the-preload', label: [], because: 'an application without metrics of its own', isPreloaded: true },
  { ...exchange, name: 'healthy-exchange-with-the-preload', label: [], because: 'an application without metrics of its own', phase: '1', isPreloaded: true, ratePerSec: 12 },
  { ...stolenTee, name: 'healthy-shop-with-the-preload', label: [], because: 'an application without metrics of its own', phase: '0', isPreloaded: true, ratePerSec: 10 },
];

export const HEALTHY: readonly Situation[] = [...PLAIN, ...SHAPED, ...WITH_SIGNS];

type System = Omit<Situation, 'name' | 'label' | 'because'>;

function rates(system: System, name: string, all: readonly number[]): Situation[] {
  return all.map((ratePerSec, index) => ({ ...system, name: `healthy-${name}-at-${ratePerSec}`, label: [], because: AS_BUILT, ratePerSec, judgedSeconds: index % 2 === 0 ? SHORT : system.judgedSeconds }));
}

function shaped(system: System, name: string, ratePerSec: number): Situation[] {
  const shapes = { steps: 'steps 40, 70, 100 % for 7 s', ramp: 'ramp 20-110 %', spike: 'steps 40, 160, 40 % for 6 s' };
  return Object.entries(shapes).map(([kind, shape]) => ({ ...system, name: `healthy-${name}-on-a-${kind}`, label: [], because: AS_BUILT, ratePerSec, shape }));
}

function during(name: string, because: string, begin: Fault, more: Partial<Situation> = {}): Situation {
  return { ...ventures, ratePerSec: 25, judgedSeconds: name.length % 2 === 0 ? SHORT : 20, ...more, name, label: [], because, fault: { afterSeconds: 3, begin } };
}

function from(name: string, because: string, before: Fault, more: Partial<Situation> = {}): Situation {
  return { ...ventures, ratePerSec: 25, judgedSeconds: SHORT, ...more, name, label: [], because, before };
}

function busy(name: string, ratePerSec: number, strain: Situation['strain'] & object): Situation {
  return { ...ventures, name, label: [], because: `each of ${ratePerSec} requests a second computes for ${strain.computeMs} ms, and is answered in time`, ratePerSec, strain, first: ['app'] };
}

function slow(name: string, reportStorageMs: number, ratePerSec: number): Situation {
  return { ...ventures, name, label: [], because: `reports take ${reportStorageMs} ms by nature, and there is room for many more`, settings: { reportStorageMs, cacheReports: false }, ratePerSec, judgedSeconds: SHORT };
}
