import type { Interval } from '../model/interval.ts';
import { arrivalsAskedAt, stageAt, type LoadShape } from '../model/load.ts';
import type { RunStep } from '../model/run.ts';

/** Arrivals may fall this far behind over the judged part before the load is not the one that was asked for. */
const ARRIVALS_SHARE = 0.97;
/** An event loop busy for 90 % of a second adds its own queue to every latency it measures. */
const BUSY_LOOP = 0.9;
/** A loop this late reads answers this late. */
const LATE_LOOP_MS = 100;
/** How much of the judged part may be spoiled so, and for how many seconds: an occasional collection is no verdict on the generator. */
const SPOILED_SHARE = 0.1;
/** Hyperfoil, too, looks at five seconds before it calls a run invalid. */
const SPOILED_SECONDS = 5;

interface StepTraffic {
  readonly engine: RunStep['engine'];
  readonly shape: LoadShape;
  readonly intervals: readonly Interval[];
}

/**
 * What speaks against the generator in one step; empty when it can be trusted.
 * A slow target does not fire these: open-model arrivals do not wait for answers, and a loop that waits is idle.
 */
export function distrust(step: StepTraffic): string[] {
  const judged = judgedSeconds(step.shape, step.intervals);
  if (judged.length === 0) return [];
  return [...lateArrivals(step, judged), ...spoiledSeconds(step, judged)];
}

/** A generator that starts less than half of what is asked for, for this many seconds, will not catch up: more load only harms. */
const OVERWHELMED_SHARE = 0.5;
const OVERWHELMED_SECONDS = 10;

/** Watches a step while it runs: answers with the reason once the generator is hopelessly behind, else null. A slow target never fires it: arrivals do not wait. */
export function watchForOverload({ shape, engine }: Pick<StepTraffic, 'shape' | 'engine'>): (interval: Interval) => string | null {
  let [behind, asked, made] = [0, 0, 0];
  return (interval) => {
    const wanted = arrivalsAskedAt(shape, interval.second);
    // Under two journeys a second, one that comes late is half of them.
    if (shape.model !== 'open' || wanted < 2 || interval.arrivals >= OVERWHELMED_SHARE * wanted) {
      [behind, asked, made] = [0, 0, 0];
      return null;
    }
    [behind, asked, made] = [behind + 1, asked + wanted, made + interval.arrivals];
    return behind >= OVERWHELMED_SECONDS ? sayTooFew(engine, asked, made, behind) : null;
  };
}

function sayTooFew(engine: StepTraffic['engine'], asked: number, made: number, seconds: number): string {
  const rate = (count: number): string => `${Number((count / seconds).toPrecision(3)).toLocaleString('en-US')}/s`;
  const machines = Math.ceil(asked / Math.max(made, 1));
  // artillery needs about 360 µs of CPU for a request, k6 a fraction of it.
  const other = engine === 'artillery' ? ', or k6 (--engine k6), which needs less CPU for each request' : '';
  return `only ${made} of ${Math.round(asked)} journeys were started (${rate(made)} of ${rate(asked)}): ${engine} on this machine cannot make the load that was asked for; ${machines} machines like it would do${other}`;
}

function lateArrivals({ shape, engine }: StepTraffic, judged: readonly Interval[]): string[] {
  if (shape.model !== 'open') return [];
  const asked = judged.reduce((sum, interval) => sum + arrivalsAskedAt(shape, interval.second), 0);
  const made = judged.reduce((sum, interval) => sum + interval.arrivals, 0);
  // Whole arrivals: on a light load one more or less is rounding, not lateness.
  if (made >= ARRIVALS_SHARE * asked - 2) return [];
  return [sayTooFew(engine, asked, made, judged.length)];
}

function spoiledSeconds({ engine }: StepTraffic, judged: readonly Interval[]): string[] {
  // artillery keeps its loop busy even at rest, so only lateness speaks there.
  const busy = engine === 'artillery' ? 0 : judged.filter(({ generator }) => generator.loopUtilization >= BUSY_LOOP).length;
  const late = judged.filter(({ generator }) => generator.loopLagMs > LATE_LOOP_MS).length;
  const reasons: string[] = [];
  const most = Math.max(SPOILED_SECONDS - 1, SPOILED_SHARE * judged.length);
  if (busy > most) reasons.push(`the generator’s event loop was saturated in ${busy} of ${judged.length} judged seconds`);
  if (late > most) reasons.push(`the generator was more than ${LATE_LOOP_MS} ms late in ${late} of ${judged.length} judged seconds`);
  return reasons;
}

function judgedSeconds(shape: LoadShape, intervals: readonly Interval[]): Interval[] {
  return intervals.filter(({ second }) => stageAt(shape, second)?.judged === true);
}
