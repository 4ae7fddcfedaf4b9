import { setTimeout as sleep } from 'node:timers/promises';
import { watchMachine } from '../src/run/machine.ts';

/** Half of what makes a run invalid. */
const CALM_STOLEN_SHARE = 0.05;
const SPIN_MS = 1000;
const PAUSE_MS = 4000;
const MOST_LOOKS = 30;

/** Waits, two and a half minutes at most, until the hypervisor leaves this machine its CPU; at once where that is not to be seen. */
export async function waitForCalm(): Promise<void> {
  for (let look = 0; look < MOST_LOOKS && stolenShare() > CALM_STOLEN_SHARE; look += 1) await sleep(PAUSE_MS);
}

/** Of the CPU time that somebody wants: an idle machine has nothing to be stolen. */
function stolenShare(): number {
  const look = watchMachine();
  const until = performance.now() + SPIN_MS;
  while (performance.now() < until);
  const { busy, stolen } = look();
  return busy === null || stolen === null || busy + stolen === 0 ? 0 : stolen / (busy + stolen);
}
