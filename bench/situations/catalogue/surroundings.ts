import { creeping } from '../faults/combine.ts';
import { fillHost, slowWay } from '../faults/machine.ts';
import type { Situation } from '../situation.ts';
import { AFTER_SECONDS, exchange, stolenTee, ventures, walls } from './systems.ts';

const HOST: readonly Situation[] = [
  { ...ventures, name: 'host-cpu-from-the-start', label: ['host-cpu'], because: 'two neighbours take every core before the application', demo: 'host-cpu' },
  { ...ventures, name: 'host-cpu-from-one-moment-on', label: ['host-cpu'], because: 'six busy processes come to the same cores, and the application stands behind them', strain: { computeMs: 6 }, fault: { afterSeconds: AFTER_SECONDS, begin: fillHost(6, 18) } },
  { ...exchange, name: 'host-cpu-taken-by-others', label: ['host-cpu'], because: 'eight busy processes come to the same cores, and the application stands behind them', phase: '1', strain: { computeMs: 8 }, fault: { afterSeconds: AFTER_SECONDS, begin: fillHost(8, 18) } },
  { ...ventures, name: 'host-cpu-more-and-more', label: ['host-cpu'], because: 'more and more busy processes come to the same cores, and the application stands behind them', ratePerSec: 25, strain: { computeMs: 8 }, fault: { afterSeconds: 2, begin: moreAndMore(), feltAfterSeconds: 4 } },
];

const NETWORK: readonly Situation[] = [
  { ...ventures, name: 'network-from-the-start', label: ['network'], because: 'a way of 600 ms between clients and application', demo: 'network' },
  { ...ventures, name: 'network-from-one-moment-on', label: ['network'], because: 'a way of 550 ms between clients and application from one moment on', isProxied: true, fault: { afterSeconds: AFTER_SECONDS, begin: slowWay(550) } },
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
    undo = share === 0 ? null : await fillHost(Math.ceil(9 * share), 18)(system);
  });
}
