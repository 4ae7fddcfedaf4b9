import type { Interval } from '../model/interval.ts';
import { arrivalsAskedAt, type LoadShape } from '../model/load.ts';
import type { RunStep } from '../model/run.ts';
import { meanOf, sayMachine, type WatchedSecond } from './machine.ts';

/** A generator that starts less than half of what is asked for, for this many seconds, will not catch up: more load only harms. */
const OVERWHELMED_SHARE = 0.5;
const OVERWHELMED_SECONDS = 10;
/** Under two journeys a second, one that comes late is half of them. */
const LEAST_PER_SEC = 2;
/** A generator that uses so much of what there is has journeys that last long because it is slow itself; the rest may be the target's. */
const SHORT_OF_CPU = 0.7;
/** Nor has it CPU to spare where others use up the machine. */
const FULL_MACHINE = 0.9;

/** Watches a step while it runs: answers with the reason once the generator is hopelessly behind, else null. A slow target never fires it: arrivals do not wait. */
export function watchForOverload({ shape, engine }: { readonly shape: LoadShape; readonly engine: RunStep['engine'] }): (interval: Interval) => string | null {
  let behind: Interval[] = [];
  let asked = 0;
  return (interval) => {
    const wanted = arrivalsAskedAt(shape, interval.second);
    if (shape.model !== 'open' || wanted < LEAST_PER_SEC || interval.arrivals >= OVERWHELMED_SHARE * wanted) {
      [behind, asked] = [[], 0];
      return null;
    }
    behind.push(interval);
    asked += wanted;
    return behind.length >= OVERWHELMED_SECONDS ? sayTooFew(engine, asked, behind) : null;
  };
}

/** How many journeys were started of those that were asked for, why, what this machine can make, and what to do. */
export function sayTooFew(engine: RunStep['engine'], asked: number, intervals: readonly WatchedSecond[]): string {
  const made = intervals.reduce((sum, { arrivals }) => sum + arrivals, 0);
  const skipped = intervals.reduce((sum, interval) => sum + interval.skipped, 0);
  const rate = (count: number): string => `${sayRate(count / intervals.length)} journeys/s`;
  const machines = Math.ceil(asked / Math.max(made, 1));
  const head = `only ${made.toLocaleString('en-US')} of ${Math.round(asked).toLocaleString('en-US')} journeys were started (${rate(made)} of ${rate(asked)})`;
  const busy = intervals.reduce((sum, { generator }) => sum + generator.loopUtilization, 0) / intervals.length;
  // Users enough for every request to time out are made beforehand, so with CPU to spare they run out only where memory has set their
  // number, or where a script of the user's own takes longer than anybody could know.
  if (skipped > 0.5 * (asked - made) && busy < SHORT_OF_CPU && (meanOf(intervals, (machine) => machine.busy) ?? 0) < FULL_MACHINE) {
    return `${head}: ${engine} skipped ${skipped.toLocaleString('en-US')}, for all its virtual users were still busy with earlier ones, and no more of them fit into a quarter of this machine’s memory or were to be expected from the time-out; a shorter time-out, or ${machines} machines like it, would do`;
  }
  // artillery needs about 360 µs of CPU for a request, k6 a fraction of it.
  const other = engine === 'artillery' ? ', or k6 (--engine k6), which needs less CPU for each request' : '';
  return `${head}: ${engine} on this machine cannot make the load that was asked for${sayMachine(intervals)}; ${machines} machines like it would do${other}`;
}

/** Three digits, thousands apart. */
export function sayRate(perSec: number): string {
  return Number(perSec.toPrecision(3)).toLocaleString('en-US');
}
