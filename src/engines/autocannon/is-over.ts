import type { ClosedStage } from '../../model/load.ts';

/** A server this much too slow to answer enough in the whole stage will not make up for it; its rate has failed by then. */
const HOPELESS_SHARE = 0.8;

/** Whether there is nothing more to learn: enough was answered, or never will be. */
export function isOver({ enough, durationSeconds }: ClosedStage, passedMs: number, answered: number): boolean {
  if (enough === null || passedMs < enough.minimumSeconds * 1000) return false;
  const expected = (answered / passedMs) * durationSeconds * 1000;
  return answered >= enough.requests || expected < HOPELESS_SHARE * enough.requests;
}
