import { ScaleplanError } from '../errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Run } from '../model/run.ts';

/**
 * The capacity of one system is no forecast for another: runs of another plan, another target, or other versions of its servers are refused. Forced,
 * the differences are told instead. Throws `wrong-usage`.
 */
export function refuseMixed(runs: readonly Run[], plan: Plan, isForced: boolean): string[] {
  const [first] = runs;
  const other = runs.find((run) => run.plan.id !== plan.id);
  if (other !== undefined) throw new ScaleplanError('wrong-usage', `${other.id} was made by the plan ${other.plan.id}, not by ${plan.id}.`, { hint: `Name that plan: --plan ${other.plan.id}` });
  if (first === undefined) return [];
  const differences = [
    differenceOf(runs, 'targets', nameOf),
    differenceOf(runs, 'versions of the servers', ({ target }) => target.servers.join(', ')),
    differenceOf(runs, 'scenarios', ({ steps }) => [...new Set(steps.map(({ scenario }) => scenario.split(/[\\/]/).at(-1) ?? ''))].toSorted().join(', ')),
  ].filter((one) => one !== null);
  if (differences.length === 0) return [];
  if (!isForced) throw new ScaleplanError('wrong-usage', `The runs are of different ${differences[0]}.`, { hint: 'Name runs of one system, or take them together all the same with --mixed.' });
  return differences.map((difference) => `Taken together all the same (--mixed): runs of different ${difference}.`);
}

function differenceOf(runs: readonly Run[], what: string, of: (run: Run) => string): string | null {
  const [first = '', second] = [...new Set(runs.map(of))];
  return second === undefined ? null : `${what}: ${first} and ${second}`;
}

/** The reference application has another address each time. */
function nameOf({ target }: Run): string {
  return target.servers.length > 0 ? `the reference application${target.demo === null ? '' : ` with ${target.demo}`}` : target.url;
}
