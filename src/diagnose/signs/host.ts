import type { Evidence } from '../../model/report.ts';
import { against } from '../finding.ts';
import type { Situation } from '../rule.ts';
import { say, sayMany } from '../say.ts';
import { levelOf } from '../window.ts';

/** From 90 % on the wait for a core grows faster than the work: at ρ = 0.9 it is nine service times (M/M/1). */
export const FULL_PERCENT = 90;
/** With so little left, whoever becomes ready to run waits for somebody else to stop. */
export const EXHAUSTED_PERCENT = 95;
/** Half of the time some task waits for a CPU. */
export const PRESSURE_PERCENT = 50;
/** Half a task on average waits in front of each CPU. */
export const QUEUED_PERCENT = 50;
/** One second in ten the hypervisor gave to others. */
export const STEAL_PERCENT = 10;
/** A control group held back in every tenth period: its limit is the CPU it has. */
export const THROTTLED_PERCENT = 10;

/**
 * The host has no CPU left, and somebody waits for it: whatever is slow on it may only be starved. Not where it was as short at a
 * quarter of the load already: what became slow since then did so for another reason.
 */
export function isHostShort(situation: Situation): Evidence | null {
  const { reference } = situation;
  return reference !== null && shortnessIn({ ...situation, judged: reference }) !== null ? null : shortnessIn(situation);
}

/** The same, whatever it was before. */
export function shortnessIn({ series, judged }: Situation): Evidence | null {
  const [cpu, pressure, queued] = [levelOf(series('host.cpu'), judged), levelOf(series('host.cpu_pressure'), judged), levelOf(series('host.run_queue_wait'), judged)];
  if (cpu === null || cpu < EXHAUSTED_PERCENT) return null;
  if (pressure !== null && pressure >= PRESSURE_PERCENT) return against('host.cpu_pressure', pressure, PRESSURE_PERCENT, `tasks of this host wait for a CPU ${say(pressure)} % of the time`);
  if (queued !== null && queued >= QUEUED_PERCENT) return against('host.run_queue_wait', queued, QUEUED_PERCENT, `${sayMany(queued / 100, 'task waits', 'tasks wait')} in front of each CPU of this host`);
  return null;
}

/**
 * The CPU in use is not what the load needs: the host was full already at a quarter of it, or so many requests at what they
 * cost then would use clearly less. Somebody else is at work. False where no such stage tells.
 */
export function isForeignLoad({ series, reference, judged, sentPerSec }: Situation): boolean {
  if (reference === null) return false;
  const [before, now] = [levelOf(series('host.cpu'), reference), levelOf(series('host.cpu'), judged)];
  const [sentBefore, sentNow] = [levelOf(sentPerSec, reference), levelOf(sentPerSec, judged)];
  if (before === null || now === null) return false;
  if (before >= FULL_PERCENT) return true;
  if (sentBefore === null || sentNow === null || sentBefore <= 0) return false;
  return (before / sentBefore) * sentNow < EXPLAINED_SHARE * now;
}

/** What a request costs may grow by a third with the load (caches, hyper-threads: 20–30 % was measured); beyond that it is not the load. */
const EXPLAINED_SHARE = 0.7;
