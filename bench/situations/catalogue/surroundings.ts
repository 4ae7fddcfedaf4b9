import { creeping, together } from '../faults/combine.ts';
import { fillHost, limitGroup, slowWay, strained } from '../faults/machine.ts';
import type { Situation } from '../situation.ts';
import { AFTER_SECONDS, exchange, stolenTee, ventures, walls } from './systems.ts';

const HOST: readonly Situation[] = [
  { ...ventures, name: 'host-cpu-from-the-start', label: ['host-cpu'], because: 'two neighbours take every core before the application', demo: 'host-cpu' },
  { ...ventures, name: 'host-cpu-of-a-limited-group', label: ['host-cpu'], because: 'from one moment on a control group allows the application 12 % of a core, and requests compute for 8 ms each', strain: { computeMs: 8 }, fault: { afterSeconds: AFTER_SECONDS, begin: limitGroup(12) } },
  { ...ventures, name: 'host-cpu-among-twenty-four', label: ['host-cpu'], because: 'twenty-four busy processes come to the same cores, and the application stands behind them', strain: { computeMs: 6 }, fault: { afterSeconds: AFTER_SECONDS, begin: fillHost(24, 18) } },
  { ...exchange, name: 'host-cpu-among-thirty', label: ['host-cpu'], because: 'thirty busy processes come to the same cores, and the application stands behind them', phase: '1', strain: { computeMs: 12 }, fault: { afterSeconds: AFTER_SECONDS, begin: fillHost(30, 18) } },
  { ...ventures, name: 'host-cpu-holds-up-computing', label: ['host-cpu'], because: 'each request computes for up to 45 ms of the clock; the process uses 42 % of a core and waits for one 57 % of the time', ratePerSec: 25, strain: { computeMs: 16 }, fault: { afterSeconds: 2, begin: moreAndMore(), feltAfterSeconds: 8 } },
  { ...ventures, name: 'host-cpu-starves-a-growing-heap', label: ['host-cpu'], because: 'a crowd of busy processes: an application that leaves 400 kB on its heap with each request waits for a core 86 % of the time, and collects 6 %', nodeFlags: '--max-old-space-size=150', fault: { afterSeconds: AFTER_SECONDS, begin: together(fillHost(16), strained({ leakBytes: 400_000 })), feltAfterSeconds: 2 } },
  { ...ventures, name: 'host-cpu-starves-a-preloaded-application', label: ['host-cpu'], because: 'the same, with 300 kB, in an application without metrics of its own: it waits for a core 93 % of the time', nodeFlags: '--max-old-space-size=130', isPreloaded: true, fault: { afterSeconds: 2, begin: together(fillHost(16), strained({ leakBytes: 300_000 })), feltAfterSeconds: 2 } },
  { ...exchange, name: 'host-cpu-starves-pages-that-grow', label: ['host-cpu'], because: 'the same, where nobody tells how long the application waits for a core', phase: '1', nodeFlags: '--max-old-space-size=140', fault: { afterSeconds: 2, begin: together(fillHost(16), strained({ leakBytes: 500_000 })), feltAfterSeconds: 5 } },
  { ...exchange, name: 'host-cpu-starves-pages-that-compute', label: ['host-cpu'], because: 'each request computes for 60 ms of the clock and gets a ninth of a core for it: a crowd of busy processes has the rest', phase: '1', strain: { computeMs: 60 }, before: fillHost(16) },
];

const NETWORK: readonly Situation[] = [
  { ...ventures, name: 'network-from-the-start', label: ['network'], because: 'a way of 600 ms between clients and application', demo: 'network' },
  { ...ventures, name: 'network-from-one-moment-on', label: ['network'], because: 'a way of 900 ms between clients and application from one moment on', isProxied: true, fault: { afterSeconds: AFTER_SECONDS, begin: slowWay(900) } },
  { ...ventures, name: 'network-more-and-more', label: ['network'], because: 'the way between clients and application becomes longer, up to 800 ms', isProxied: true, fault: { afterSeconds: 2, begin: creeping(10, ({ way }, share) => void Object.assign(way, { delayMs: 800 * share })), feltAfterSeconds: 3 } },
  { ...ventures, name: 'network-too-narrow', label: ['network'], because: 'answers pass at 25 kB/s, and the load makes more', isProxied: true, fault: { afterSeconds: AFTER_SECONDS, begin: slowWay(0, 25_000) } },
  { ...exchange, name: 'network-of-pages', label: ['network'], because: 'a way of 1.6 s between clients and pages', phase: '1', isProxied: true, fault: { afterSeconds: AFTER_SECONDS, begin: slowWay(1600) } },
  { ...walls, name: 'network-before-files', label: ['network'], because: 'a way of 700 ms between clients and an application that answers in a few', phase: '2', isProxied: true, fault: { afterSeconds: AFTER_SECONDS, begin: slowWay(700) } },
  { ...stolenTee, name: 'network-before-a-shop', label: ['network'], because: 'a way of 700 ms between clients and shop', phase: '0', ratePerSec: 10, isProxied: true, fault: { afterSeconds: AFTER_SECONDS, begin: slowWay(700) } },
];

const GENERATOR: readonly Situation[] = [
  { ...ventures, name: 'generator-asked-for-twenty-thousand', label: ['generator'], because: 'no generator on one small machine makes 20,000 requests a second', ratePerSec: 20_000, judgedSeconds: 8 },
  { ...walls, name: 'generator-asked-for-eight-thousand', label: ['generator'], because: 'nor 8,000', phase: '2', ratePerSec: 8000, judgedSeconds: 8 },
  { ...exchange, name: 'generator-asked-for-four-thousand', label: ['generator'], because: 'nor 4,000, with the application beside it', phase: '1', ratePerSec: 4000, judgedSeconds: 8 },
];

export const SURROUNDINGS: readonly Situation[] = [...HOST, ...NETWORK, ...GENERATOR];

function moreAndMore() {
  let undo: (() => Promise<void>) | null = null;
  return creeping(10, async (system, share) => {
    await undo?.();
    undo = share === 0 ? null : await fillHost(Math.ceil(20 * share), 18)(system);
  });
}
