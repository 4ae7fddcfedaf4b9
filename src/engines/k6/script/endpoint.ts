import type { Variables } from '../../../scenario/variables.ts';
import type { Tools } from './k6.ts';
import type { Perform } from './perform.ts';
import type { ScriptEndpoint, ScriptRequest } from './program.ts';

/**
 * One step measured alone: each round sends it once. Its set-up runs, unmeasured, when there is none yet, when it has served its
 * number of rounds, and when something went wrong.
 */
export function createEndpointRound(
  { setUp, step, repeats, refreshesVariables }: ScriptEndpoint, target: string, tools: Tools, compile: (step: ScriptRequest) => Perform,
): (turn: number, variables: Variables) => void {
  const before = setUp.map((one) => compile(one));
  const measured = compile(step);
  let session: Variables | null = null;
  let rounds = 0;

  const begin = (fresh: Variables): boolean => {
    if (before.length > 0) tools.http.cookieJar().clear(target);
    for (const perform of before) {
      const { end, kind } = perform(fresh);
      if (end === 'over') return false;
      if (kind !== '') {
        // Without its set-up the step cannot be asked: that is one failed request of it, or nobody would see it.
        tools.scaleplan.blame(step.slot, kind);
        return false;
      }
    }
    session = fresh;
    rounds = 0;
    return true;
  };

  return (_turn, variables) => {
    if (session === null && !begin(variables)) return;
    const { end, kind } = measured(refreshesVariables ? variables : (session ?? variables));
    rounds += 1;
    const isUsedUp = repeats !== null && rounds >= repeats;
    if (isUsedUp || end !== 'answered' || (kind !== '' && before.length > 0)) session = null;
  };
}
