import type { MeasuredMilestones } from '../capacity/forecast.ts';
import { ScaleplanError } from '../errors.ts';
import type { Estimate } from '../model/estimate.ts';
import type { Plan } from '../model/plan.ts';
import type { Run } from '../model/run.ts';
import { findPhase } from '../plan/resolve.ts';
import { assess } from './assess.ts';
import { readRuns, runFolders } from './saved-runs.ts';
import { toolVersion } from './version.ts';

interface Measured {
  readonly milestones: MeasuredMilestones;
  /** What was taken from which run, beside the plan's own figure. */
  readonly notes: readonly string[];
}

/**
 * Milestones as runs have shown them: a search for the breaking point says at how many users its bottleneck is reached. Of several runs the
 * newest counts, and their order is told as the trend. Throws `run-not-found`, `wrong-usage` for runs that do not belong together.
 */
export async function measuredMilestones(names: readonly string[], plan: Plan, output: string, cwd: string): Promise<Measured> {
  const runs = (await readRuns(runFolders(names, output, cwd))).toSorted((a, b) => a.startedAtMs - b.startedAtMs);
  refuseMixed(runs, plan);
  const milestones = new Map<string, Estimate>();
  const notes: string[] = [];
  for (const run of runs) {
    const { outlook, diagnosis } = assess(run, plan, findPhase(plan, run.plan.phase), { folder: run.id, toolVersion: toolVersion() });
    const hit = diagnosis.bottlenecks.find(({ status, milestone }) => status === 'hit' && milestone !== null)?.milestone;
    const { capacity } = outlook;
    if (capacity === null) notes.push(`${run.id} shows no capacity: it found no edge, and nothing that was read was busy enough to predict one.`);
    else if (hit === undefined || hit === null) notes.push(`${run.id}: about ${say(capacity.users)}; which milestone that is, it does not show.`);
    else {
      milestones.set(hit.id, capacity.users);
      notes.push(`${hit.id}: the plan says ${hit.users.toLocaleString('en-US')} users, measured about ${say(capacity.users)} by ${run.id}.`);
    }
  }
  return { milestones, notes };
}

/** The capacity of one system is no forecast for another. */
function refuseMixed(runs: readonly Run[], plan: Plan): void {
  const [first] = runs;
  const other = runs.find((run) => run.plan.id !== plan.id);
  if (other !== undefined) throw new ScaleplanError('wrong-usage', `${other.id} was made by the plan ${other.plan.id}, not by ${plan.id}.`, { hint: `Name that plan: --plan ${other.plan.id}` });
  // The reference application has another address each time.
  const nameOf = ({ target }: Run): string => (target.servers.length > 0 ? `the reference application${target.demo === null ? '' : ` with ${target.demo}`}` : target.url);
  const mixed = first === undefined ? undefined : runs.find((run) => nameOf(run) !== nameOf(first));
  if (first !== undefined && mixed !== undefined) throw new ScaleplanError('wrong-usage', `The runs are of different targets: ${nameOf(first)} and ${nameOf(mixed)}.`, { hint: 'Name runs of one target.' });
}

function say({ low, mid, high }: Estimate): string {
  const figure = (value: number): string => value.toLocaleString('en-US');
  return `${figure(mid)} users (${figure(low)}–${figure(high)})`;
}
