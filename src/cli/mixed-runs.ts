import { existsSync } from 'node:fs';
import { ScaleplanError } from '../errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Run } from '../model/run.ts';
import { listPlans } from '../plan/list.ts';

/**
 * The capacity of one system is no forecast for another: runs of another plan, another phase with its own thresholds, another target, other versions of its
 * servers, other scenarios or another machine are refused. Forced, the differences are told instead. Throws `wrong-usage`.
 */
export async function refuseMixed(runs: readonly Run[], plan: Plan, isForced: boolean): Promise<string[]> {
  const other = runs.find((run) => run.plan.id !== plan.id);
  if (other !== undefined) throw new ScaleplanError('wrong-usage', `${other.id} was made by the plan ${other.plan.id}, not by ${plan.id}.`, { hint: await planHint(other) });
  const differences = DIFFERENCES.flatMap(([what, of]) => differenceOf(runs, what, of) ?? []);
  if (differences.length === 0) return [];
  if (!isForced) throw new ScaleplanError('wrong-usage', `The runs are of different ${differences[0]}.`, { hint: 'Name runs of one system, or take them together all the same with --mixed.' });
  return differences.map((difference) => `Taken together all the same (--mixed): runs of different ${difference}.`);
}

/** A bundled plan is named by its id, any other by its file, which may have moved since. */
async function planHint({ id, plan }: Run): Promise<string> {
  if ((await listPlans()).includes(plan.id)) return `Name that plan: --plan ${plan.id}`;
  return existsSync(plan.file) ? `Name that plan: --plan ${plan.file}` : `Name the file of that plan with --plan; when ${id} was made it was ${plan.file}.`;
}

/** What must be the same, each as a text; null where a run does not tell, as those of older versions. */
const DIFFERENCES: readonly (readonly [what: string, of: (run: Run) => string | null])[] = [
  ['targets', nameOf],
  ['phases', ({ plan }) => plan.phase],
  ['versions of the servers', ({ target }) => (target.servers.length === 0 ? null : target.servers.join(', '))],
  ...(['postgres', 'redis', 'qdrant'] as const).map((kind) => [`versions of ${kind}`, (run: Run) => versionRead(run, kind)] as const),
  ['scenarios', ({ steps }) => [...new Set(steps.map(({ scenario }) => scenario.split(/[\\/]/).at(-1) ?? ''))].toSorted().join(', ')],
  ['processors', ({ environment }) => textOf(environment['cpu'])],
  ['numbers of cores', ({ environment }) => textOf(environment['cores'])],
];

function differenceOf(runs: readonly Run[], what: string, of: (run: Run) => string | null): string | null {
  const [first, second] = [...new Set(runs.flatMap((run) => of(run) ?? []))];
  return first === undefined || second === undefined ? null : `${what}: ${first} and ${second}`;
}

/** The reference application has another address each time, and for a search another size. */
function nameOf({ target, stress }: Run): string {
  if (target.servers.length === 0) return target.url;
  return `the reference application${target.demo === null ? '' : ` with ${target.demo}${stress === undefined ? '' : ', sized for a search'}`}`;
}

/** Of a target of one's own only the probes know a version: `PostgreSQL 15.18`, without what else they tell. */
function versionRead({ target, probes }: Run, kind: string): string | null {
  const probe = target.servers.length > 0 ? undefined : probes.find((one) => one.kind === kind && one.status === 'ok');
  return probe?.status === 'ok' ? (/^[^,(]*?\d+(?:\.\d+)*/.exec(probe.detail)?.[0] ?? null) : null;
}

function textOf(value: string | number | undefined): string | null {
  return value === undefined ? null : String(value);
}
