import { setTimeout as sleep } from 'node:timers/promises';
import { watchMachine } from '../src/run/machine.ts';
import { CALM_STOLEN_SHARE } from './again.ts';

const SPIN_MS = 1000;
const PAUSE_MS = 2000;
/** A neighbour's work comes in bursts with seconds between them. */
const CALM_LOOKS = 3;

/** Waits until the hypervisor has left this machine its CPU for a few seconds, or for so long; no longer than a look where that is not to be seen. */
export async function waitForCalm(mostMs: number): Promise<void> {
  const until = performance.now() + mostMs;
  for (let calm = 0; calm < CALM_LOOKS && performance.now() < until;) {
    const share = spin();
    calm = share > CALM_STOLEN_SHARE ? 0 : calm + 1;
    if (calm < CALM_LOOKS) await sleep(PAUSE_MS);
  }
}

/** Of the CPU time that somebody wants until the answer is called: an idle machine has nothing to be stolen. */
export function watchTheft(): () => number {
  const look = watchMachine();
  return () => {
    const { busy, stolen } = look();
    return busy === null || stolen === null || busy + stolen === 0 ? 0 : stolen / (busy + stolen);
  };
}

function spin(): number {
  const stolenShare = watchTheft();
  const until = performance.now() + SPIN_MS;
  while (performance.now() < until);
  return stolenShare();
}
