import { dayAt } from '../capacity/days.ts';
import type { MeasuredMilestones } from '../capacity/forecast.ts';
import { readChanges } from '../capacity/read-changes.ts';
import type { CapacityReading } from '../capacity/trend.ts';
import { whatIf } from '../capacity/what-if.ts';
import type { Estimate } from '../model/estimate.ts';
import type { WhatIf } from '../model/forecast.ts';
import type { Milestone, Plan } from '../model/plan.ts';
import type { Run } from '../model/run.ts';
import { conditionsFor, findPhase } from '../plan/resolve.ts';
import { assess } from './assess.ts';
import { refuseMixed } from './mixed-runs.ts';
import { readRuns, runFolders } from './saved-runs.ts';
import { toolVersion } from './version.ts';

export interface Measured {
  readonly milestones: MeasuredMilestones;
  /** What was taken from which run, beside the plan's own figure. */
  readonly notes: readonly string[];
  /** Runs that show a capacity. */
  readonly readings: readonly CapacityReading[];
  readonly whatIf: WhatIf | null;
}

export const NOTHING_MEASURED: Measured = { milestones: new Map(), notes: [], readings: [], whatIf: null };

interface Asked {
  readonly names: readonly string[];
  readonly output: string;
  readonly cwd: string;
  /** Changes as `--with` has them. */
  readonly changes: string | undefined;
  /** Takes runs together that are of different systems. */
  readonly isForced: boolean;
}

/**
 * Milestones as runs have shown them: a search for the breaking point says at how many users its bottleneck is reached, a test below it predicts it.
 * Of several runs of one milestone the newest counts; with changes asked for, what the model of the newest run says of them takes its place.
 * Throws `run-not-found`, `wrong-usage` for runs that do not belong together.
 */
export async function measuredMilestones({ names, output, cwd, changes, isForced }: Asked, plan: Plan): Promise<Measured> {
  const runs = (await readRuns(runFolders(names, output, cwd))).toSorted((a, b) => a.startedAtMs - b.startedAtMs);
  const notes = refuseMixed(runs, plan, isForced);
  const milestones = new Map<string, Estimate>();
  const readings: CapacityReading[] = [];
  for (const run of runs) {
    const { capacity, milestone, reason } = shownBy(run, plan);
    if (capacity === null) notes.push(`${run.id} shows no capacity: ${reason}.`);
    else {
      readings.push({ id: run.id, date: dayAt(run.startedAtMs), users: capacity.users });
      if (milestone === null) notes.push(`${run.id}: about ${say(capacity.users)}; which milestone that is, it does not show.`);
      else {
        milestones.set(milestone.id, capacity.users);
        notes.push(`${milestone.id}: the plan says ${milestone.users.toLocaleString('en-US')} users, ${run.stress === undefined ? 'predicted' : 'measured'} about ${say(capacity.users)} by ${run.id}.`);
      }
    }
  }
  const newest = runs.at(-1);
  const asked = changes === undefined || newest === undefined ? null : whatIf(newest, plan, conditionsFor(plan, findPhase(plan, newest.plan.phase), 'load'), readChanges(changes));
  return { milestones: asked === null ? milestones : changedMilestones(asked, plan, milestones), notes, readings, whatIf: asked };
}

function shownBy(run: Run, plan: Plan): { capacity: { readonly users: Estimate } | null; milestone: Pick<Milestone, 'id' | 'users'> | null; reason: string } {
  const { outlook, diagnosis } = assess(run, plan, findPhase(plan, run.plan.phase), { folder: run.id, toolVersion: toolVersion() });
  const hit = diagnosis.bottlenecks.find(({ status, milestone }) => status === 'hit' && milestone !== null)?.milestone ?? null;
  const foreseen = plan.milestones.find(({ id }) => outlook.next.some(({ milestone, basis }) => milestone === id && basis === 'predicted')) ?? null;
  const reason = outlook.unknown ?? (run.stress === undefined ? 'its users were harmed, or it is not valid; scaleplan stress finds the edge' : 'it found no edge');
  return { capacity: outlook.capacity, milestone: hit ?? foreseen, reason };
}

/** Every milestone whose bottleneck the model speaks of, at what it says with the changes. */
function changedMilestones({ limits }: WhatIf, plan: Plan, measured: MeasuredMilestones): MeasuredMilestones {
  const changed = plan.milestones.flatMap(({ id, bottleneck }) => limits.filter((limit) => limit.bottleneck === bottleneck).map(({ after }) => [id, after] as const));
  return new Map([...measured, ...changed]);
}

function say({ low, mid, high }: Estimate): string {
  const figure = (value: number): string => Number(value.toPrecision(3)).toLocaleString('en-US');
  return `${figure(mid)} users (${figure(low)}–${figure(high)})`;
}
