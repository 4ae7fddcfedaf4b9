import type { Interval } from '../model/interval.ts';
import type { LoadShape } from '../model/load.ts';

/** A server this much too slow to answer enough in the whole stage will not make up for it; its rate has failed by then. */
const HOPELESS_SHARE = 0.8;
/** Each look a half later than the last: looked at every second, a figure near its limit would sooner or later lie on the right side of it by chance. */
const NEXT_LOOK = 1.5;

/**
 * Answers, second by second, whether a stage that may end before its time has shown enough: the requests it wants were answered and
 * nothing is left undecided, or it clearly never will have them. Always false for a shape without such a last stage.
 */
export function watchForEnough(shape: LoadShape): (interval: Interval, isDecided: () => boolean) => boolean {
  const last = shape.model === 'closed' ? shape.stages.at(-1) : undefined;
  if (last === undefined || last.enough === null) return () => false;
  const { requests, minimumSeconds } = last.enough;
  const beginsAt = shape.stages.slice(0, -1).reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  let answered = 0;
  let nextLook = minimumSeconds;
  return ({ second, rows }, isDecided) => {
    if (second < beginsAt) return false;
    answered += rows.reduce((sum, row) => sum + row.requests, 0);
    const passed = second + 1 - beginsAt;
    if (passed < nextLook) return false;
    if (answered < requests) return (answered / passed) * last.durationSeconds < HOPELESS_SHARE * requests;
    nextLook = Math.ceil(passed * NEXT_LOOK);
    return isDecided();
  };
}
