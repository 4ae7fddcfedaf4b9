import { ScaleplanError } from '../errors.ts';
import type { LoadShape } from '../model/load.ts';
import type { PlannedStep } from './steps.ts';

/** All of a duet lasts two minutes at most, its ramp and the end of requests in flight included. */
const MOST_SECONDS = 120;
const RAMP_SECONDS = 5;
const WARM_UP_SECONDS = 5;
/** Starting the program and its engines and letting requests in flight end, on a busy machine. */
const ENDS_SECONDS = 20;
/** Ten seconds are the fewest that have bounds; a step needs twice as many to decide anything. */
const LEAST_JUDGED = 20;

/** Each step with half its load, ramped up and held for an equal part of the time. Throws `wrong-usage` where there are too many steps for it. */
export function halveLoads(steps: readonly PlannedStep[], totalSeconds: number | null): PlannedStep[] {
  const each = Math.floor((totalSeconds ?? MOST_SECONDS) / steps.length) - RAMP_SECONDS - WARM_UP_SECONDS - ENDS_SECONDS;
  if (each < LEAST_JUDGED) {
    throw new ScaleplanError('wrong-usage', `${steps.length} ${steps.length === 1 ? 'step' : 'steps'} in ${totalSeconds ?? MOST_SECONDS} s leave ${Math.max(0, each)} s of load for each; a duet needs ${LEAST_JUDGED}.`, {
      hint: 'Name one suite or scenario: --suite load, --scenario <name>; or give it longer: --duration 5m.',
    });
  }
  return steps.map((step) => ({ ...step, load: { ...step.load, shape: halve(step.load.shape, each), totalSeconds: each + RAMP_SECONDS + WARM_UP_SECONDS, judgedSeconds: each } }));
}

function halve(shape: LoadShape, judgedSeconds: number): LoadShape {
  if (shape.model === 'closed') {
    const users = Math.max(1, Math.round(Math.max(...shape.stages.map((stage) => stage.users)) / 2));
    return { model: 'closed', stages: [
      { name: 'warm-up', judged: false, durationSeconds: RAMP_SECONDS + WARM_UP_SECONDS, users, enough: null },
      { name: 'sustain', judged: true, durationSeconds: judgedSeconds, users, enough: null },
    ] };
  }
  const rate = Math.max(...shape.stages.filter(({ judged }) => judged).map(({ arrivalsPerSec }) => arrivalsPerSec.to)) / 2;
  const at = (from: number): { readonly from: number; readonly to: number } => ({ from, to: rate });
  return { model: 'open', stages: [
    { name: 'ramp', judged: false, durationSeconds: RAMP_SECONDS, arrivalsPerSec: at(rate / 4) },
    { name: 'warm-up', judged: false, durationSeconds: WARM_UP_SECONDS, arrivalsPerSec: at(rate) },
    { name: 'sustain', judged: true, durationSeconds: judgedSeconds, arrivalsPerSec: at(rate) },
  ] };
}
