import { creeping } from '../faults/combine.ts';
import { strained } from '../faults/machine.ts';
import type { Situation } from '../situation.ts';
import { AFTER_SECONDS, exchange, honeyjar, stolenTee, ventures, walls } from './systems.ts';

const CPU: readonly Situation[] = [
  { ...ventures, name: 'node-cpu-from-the-start', first: ['app'], label: ['node-cpu'], because: 'forecasts of 125 ms for 6.7 dashboards/s need 83 % of the one thread, before anything else', demo: 'node-cpu' },
  { ...stolenTee, name: 'node-cpu-of-lists', first: ['app'], label: ['node-cpu'], because: 'lists of products that compute 90 ms each on the event loop', demo: 'node-cpu', ratePerSec: 50 },
  { ...ventures, name: 'node-cpu-from-one-moment-on', first: ['app'], label: ['node-cpu'], because: 'from one moment on each of 33 requests a second computes for 30 ms', fault: { afterSeconds: AFTER_SECONDS, begin: strained({ computeMs: 30 }) } },
  { ...ventures, name: 'node-cpu-more-and-more', first: ['app'], label: ['node-cpu'], because: 'each of 25 requests a second computes longer and longer, up to 45 ms', ratePerSec: 25, fault: { afterSeconds: 2, begin: creeping(10, ({ strain }, share) => strain({ computeMs: 45 * share })), feltAfterSeconds: 8 } },
  { ...ventures, name: 'node-cpu-seen-by-the-preload', first: ['app'], label: ['node-cpu'], because: 'from one moment on each of 33 requests a second computes for 30 ms, in an application without metrics of its own', isPreloaded: true, fault: { afterSeconds: AFTER_SECONDS, begin: strained({ computeMs: 30 }) } },
  { ...exchange, name: 'node-cpu-of-pages', first: ['app'], label: ['node-cpu'], because: 'each of 20 requests a second computes for 60 ms', phase: '1', strain: { computeMs: 60 } },
  { ...walls, name: 'node-cpu-on-a-ramp', first: ['app'], label: ['node-cpu'], because: 'requests that compute for 30 ms each: 33 a second fill the thread, and up to 45 are asked for', phase: '2', ratePerSec: 30, shape: 'ramp 40-150 %', feltFromSecond: 12, strain: { computeMs: 30 } },
  { ...honeyjar, name: 'node-cpu-of-chats', first: ['app'], label: ['node-cpu'], because: 'each of 20 requests a second computes for 55 ms from one moment on', ratePerSec: 20, fault: { afterSeconds: AFTER_SECONDS, begin: strained({ computeMs: 55 }) } },
];

const BLOCKED: readonly Situation[] = [
  { ...ventures, name: 'event-loop-blocked-from-the-start', label: ['event-loop-blocked'], because: 'a synchronous call holds the event loop for 130 ms at each of 6.7 dashboards a second, without computing', demo: 'event-loop-blocked' },
  { ...ventures, name: 'event-loop-blocked-from-one-moment-on', label: ['event-loop-blocked'], because: 'from one moment on each of 33 requests a second waits in a synchronous call for 27 ms', fault: { afterSeconds: AFTER_SECONDS, begin: strained({ blockMs: 27 }) } },
  { ...ventures, name: 'event-loop-blocked-more-and-more', label: ['event-loop-blocked'], because: 'each of 20 requests a second waits in a synchronous call, up to 55 ms', ratePerSec: 20, fault: { afterSeconds: 2, begin: creeping(10, ({ strain }, share) => strain({ blockMs: 55 * share })), feltAfterSeconds: 8 } },
  { ...ventures, name: 'event-loop-blocked-by-a-timer', label: ['event-loop-blocked'], because: 'a timer waits in a synchronous call for a second, again and again', fault: { afterSeconds: AFTER_SECONDS, begin: strained({ pauseMs: 1000, pauseEveryMs: 400 }) } },
  { ...ventures, name: 'event-loop-blocked-seen-by-the-preload', label: ['event-loop-blocked'], because: 'each of 33 requests a second waits in a synchronous call for 27 ms, in an application without metrics of its own', isPreloaded: true, fault: { afterSeconds: AFTER_SECONDS, begin: strained({ blockMs: 27 }) } },
  { ...stolenTee, name: 'event-loop-blocked-of-orders', label: ['event-loop-blocked'], because: 'each product waits in a synchronous call for 75 ms in its instance', fault: { afterSeconds: AFTER_SECONDS, begin: strained({ blockMs: 75, path: '/products' }) } },
  { ...stolenTee, name: 'event-loop-blocked-altogether', label: ['event-loop-blocked'], because: 'each product waits in a synchronous call for 110 ms: more than there is time for, nobody is answered any more', fault: { afterSeconds: AFTER_SECONDS, begin: strained({ blockMs: 110, path: '/products' }) } },
  { ...exchange, name: 'event-loop-blocked-of-pages', label: ['event-loop-blocked'], because: 'each of 20 requests a second waits in a synchronous call for 60 ms', phase: '1', strain: { blockMs: 60 } },
];

const MEMORY: readonly Situation[] = [
  { ...ventures, name: 'memory-that-leaks', first: ['app'], label: ['memory'], because: 'each request leaves 400 kB on a heap of 150 MB: it collects all the time, and then ends', nodeFlags: '--max-old-space-size=150', fault: { afterSeconds: AFTER_SECONDS, begin: strained({ leakBytes: 400_000 }), feltAfterSeconds: 6 } },
  { ...ventures, name: 'memory-that-leaks-slowly', first: ['app'], label: ['memory'], because: 'each request leaves 150 kB on a heap of 110 MB', nodeFlags: '--max-old-space-size=110', fault: { afterSeconds: 0, begin: strained({ leakBytes: 150_000 }), feltAfterSeconds: 12 } },
  { ...exchange, name: 'memory-that-leaks-in-pages', first: ['app'], label: ['memory'], because: 'each request leaves 500 kB on a heap of 140 MB', phase: '1', nodeFlags: '--max-old-space-size=140', fault: { afterSeconds: 2, begin: strained({ leakBytes: 500_000 }), feltAfterSeconds: 9 } },
  { ...ventures, name: 'memory-seen-by-the-preload', first: ['app'], label: ['memory'], because: 'each request leaves 300 kB on a heap of 130 MB, in an application without metrics of its own', nodeFlags: '--max-old-space-size=130', isPreloaded: true, fault: { afterSeconds: 2, begin: strained({ leakBytes: 300_000 }), feltAfterSeconds: 8 } },
];

const FILES: readonly Situation[] = [
  { ...walls, name: 'file-reads-from-the-start', label: ['file-reads'], because: 'a volume that reads one file at a time in 450 ms: 2.2 reads/s, and 2.5 are asked for', demo: 'file-reads' },
  { ...walls, name: 'file-reads-of-a-slow-volume', label: ['file-reads'], because: 'a volume that reads one file at a time in 80 ms: 12.5 reads/s, and 15 are asked for', settings: { layers: ['files'], volumeReadMs: 80 }, ratePerSec: 15 },
  { ...walls, name: 'file-reads-on-a-ramp', label: ['file-reads'], because: 'on the way up more files are asked for than a volume of 10 a second can read', settings: { layers: ['files'], volumeReadMs: 100 }, ratePerSec: 10, shape: 'ramp 40-150 %', feltFromSecond: 12 },
  { ...walls, name: 'file-reads-at-a-step', label: ['file-reads'], because: 'at the second step 6 files a second are asked for, of a volume that reads 4', settings: { layers: ['files'], volumeReadMs: 250 }, ratePerSec: 4, shape: 'steps 50, 150 % for 11 s', feltFromSecond: 11 },
  { ...walls, name: 'file-reads-behind-a-redis', label: ['file-reads'], because: 'what Redis does not have is read from a volume of 4 files a second, and 9 are asked for', phase: '2', settings: { volumeReadMs: 250, layers: ['files'] }, ratePerSec: 9 },
];

export const APPLICATION: readonly Situation[] = [...CPU, ...BLOCKED, ...MEMORY, ...FILES];
