import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

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
  const before = ticks();
  const until = performance.now() + SPIN_MS;
  while (performance.now() < until);
  const after = ticks();
  const [stolen, used] = [after.stolen - before.stolen, after.used - before.used];
  return stolen + used === 0 ? 0 : stolen / (stolen + used);
}

/** user, nice, system, idle, iowait, irq, softirq, steal: the first line of /proc/stat, which only Linux has. */
function ticks(): { readonly used: number; readonly stolen: number } {
  try {
    const [user = 0, nice = 0, system = 0, , , irq = 0, soft = 0, stolen = 0] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/).slice(1).map(Number);
    return { used: user + nice + system + irq + soft, stolen };
  } catch {
    return { used: 0, stolen: 0 };
  }
}
