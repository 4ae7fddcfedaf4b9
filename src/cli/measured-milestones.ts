import { readChanges } from '../capacity/read-changes.ts';
import { NOTHING_SHOWN, type ShownLimits } from '../capacity/shown-limits.ts';
import type { CapacityReading } from '../capacity/trend.ts';
import { whatIf as askModel } from '../capacity/what-if.ts';
import { ScaleplanError } from '../errors.ts';
import { BOTTLENECK_TITLES } from '../model/bottleneck.ts';
import type { Estimate } from '../model/estimate.ts';
import type { WhatIf } from '../model/forecast.ts';
import type { Plan } from '../model/plan.ts';
import { conditionsFor, findPhase } from '../plan/resolve.ts';
import { changedLimits } from './changed-limits.ts';
import { limitsShown } from './limits-shown.ts';
import { refuseMixed } from './mixed-runs.ts';
import { readRuns, runFolders } from './saved-runs.ts';
import { shownBy, type ShownByRun } from './shown-by-run.ts';

export interface Measured {
  readonly limits: ShownLimits;
  /** What was taken from which run, beside the plan's own figure. */
  readonly notes: readonly string[];
  /** Runs that show a capacity in the same way: all searched for, or all predicted. */
  readonly readings: readonly CapacityReading[];
  readonly whatIf: WhatIf | null;
}

export const NOTHING_MEASURED: Measured = { limits: NOTHING_SHOWN, notes: [], readings: [], whatIf: null };

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
 * What runs show of a plan's milestones: a search for the breaking point says at how many users its bottleneck is reached, a test below it predicts it.
 * The newest run that shows anything says where the limits are, for what an older one found may long be mended; older ones count for the trend. With
 * changes asked for, what the model of that run says of them takes its place. Throws `run-not-found`, `wrong-usage` for runs that do not belong together.
 */
export async function measuredMilestones({ names, output, cwd, changes, isForced }: Asked, plan: Plan): Promise<Measured> {
  const asked = changes === undefined ? null : readChanges(changes);
  const folders = runFolders(names, output, cwd);
  if (folders.length === 0) throw new ScaleplanError('wrong-usage', '--from names no run.', { hint: 'Name one by its folder or id, or the newest: --from newest' });
  const runs = (await readRuns(folders)).toSorted((a, b) => a.startedAtMs - b.startedAtMs);
  const mixed = await refuseMixed(runs, plan, isForced);
  const shown = runs.map((run) => shownBy(run, plan));
  const telling = shown.findLast(({ edge, broke, carried }) => edge !== null || broke !== null || carried !== null) ?? null;
  const found = telling === null ? NOTHING_SHOWN : limitsShown(telling, plan);
  const about = telling ?? shown.at(-1);
  const whatIf = asked === null || about === undefined ? null
    : askModel(about.run, plan, conditionsFor(plan, findPhase(plan, about.run.plan.phase), 'load'), asked, about.edge?.basis === 'measured' ? about.edge : null);
  const { readings, leftOut } = readingsOf(shown);
  return {
    limits: asked === null || whatIf === null || about === undefined ? found : changedLimits(found, whatIf, plan, about.run, asked),
    notes: [...mixed, ...shown.flatMap((one) => noteFor(one, telling, plan)), ...leftOut], readings, whatIf,
  };
}

/** What a search measured and what a lighter load predicted differ by the error of the model: no change from one to the other. */
function readingsOf(shown: readonly ShownByRun[]): { readonly readings: CapacityReading[]; readonly leftOut: string[] } {
  const basis = shown.findLast(({ edge }) => edge !== null)?.edge?.basis;
  const [own, others] = [shown.filter(({ edge }) => edge?.basis === basis), shown.filter(({ edge }) => edge !== null && edge.basis !== basis)];
  return {
    readings: own.flatMap(({ run, date, edge }) => (edge === null ? [] : [{ id: run.id, date, users: edge.users }])),
    leftOut: others.length === 0 ? [] : [`Left out of the trend, because ${basis === 'measured' ? 'they predict a capacity and the newest run measured it' : 'they measured a capacity and the newest run predicts it'}: ${others.map(({ run }) => run.id).join(', ')}.`],
  };
}

/** One sentence about a run; of one that is not the newest, that it is older. */
function noteFor(shown: ShownByRun, telling: ShownByRun | null, plan: Plan): string[] {
  const { run, edge, broke, reason } = shown;
  if (edge !== null && shown !== telling) return [`${run.id}: about ${say(edge.users)}; a newer run says where the limits are now.`];
  if (edge !== null) {
    const milestone = plan.milestones.find(({ bottleneck }) => bottleneck !== null && bottleneck === edge.bottleneck);
    const found = `${edge.basis} about ${say(edge.users)} by ${run.id}`;
    if (milestone !== undefined) return [`${milestone.id}: the plan says ${milestone.users.toLocaleString('en-US')} users, ${found}.`];
    return [edge.bottleneck === null ? `${found}; what broke, it does not show.` : `${BOTTLENECK_TITLES[edge.bottleneck]}, of which the plan has no milestone: ${found}.`];
  }
  const names = broke?.bottlenecks.map((id) => BOTTLENECK_TITLES[id]).join(', ');
  return [`${run.id} shows no capacity: ${reason}.`, ...(broke === null ? [] : [`${run.id} broke at ${broke.users.toLocaleString('en-US')} users (${names}): the limit is there or lower.`])];
}

function say({ low, mid, high }: Estimate): string {
  const figure = (value: number): string => Number(value.toPrecision(3)).toLocaleString('en-US');
  return `${figure(mid)} users (${figure(low)}–${figure(high)})`;
}
