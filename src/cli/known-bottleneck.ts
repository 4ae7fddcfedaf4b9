import type { DemoBottleneck } from '../demo/application.ts';
import { applicationNamed } from '../demo/applications.ts';
import { ScaleplanError } from '../errors.ts';
import { APPLICATIONS, type ApplicationId } from '../model/application.ts';
import { didYouMean } from '../model/nearest.ts';

/** Throws `unknown-name` with the nearest bottleneck that the reference application can really have; null means none is wanted. */
export async function knownBottleneck(application: ApplicationId, name: string | null): Promise<DemoBottleneck | null> {
  if (name === null) return null;
  const known = (await applicationNamed(application)).bottlenecks;
  const found = known.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const names = known.map(({ id }) => id as string);
  throw new ScaleplanError('unknown-name', `The reference application has no bottleneck "${name}"${didYouMean(name, names)}`, { hint: `There are: ${names.join(', ')}.` });
}

/** Where nobody named a plan: the default one, or the first whose application can have this bottleneck. Applications are named as their plans are. */
export async function planForBottleneck(name: string | null, fallback: string): Promise<string> {
  if (name === null) return fallback;
  for (const id of [fallback, ...APPLICATIONS]) {
    const application = APPLICATIONS.find((known) => known === id);
    if (application !== undefined && (await applicationNamed(application)).bottlenecks.some((one) => one.id === name)) return id;
  }
  return fallback;
}

/** Most figures of bottlenecks are for it, and every plan has it. */
const DEMO_PHASE = '2';
/** One that has several instances on this machine, as an experiment needs them. */
const EXPERIMENT_PHASE = '1';

/** The phase that a demonstration's own figures are for, where nobody named one; null where nothing is demonstrated. `plan`: as it was named, null where it was not. */
export async function ownPhase({ demo, during, target }: { readonly demo?: string; readonly during?: string; readonly target?: string }, plan: string | null): Promise<string | null> {
  if (demo === undefined) return during !== undefined && target === undefined ? EXPERIMENT_PHASE : null;
  const id = await planForBottleneck(demo, plan ?? APPLICATIONS[0]);
  const application = APPLICATIONS.find((known) => known === (plan ?? id));
  if (application === undefined) return DEMO_PHASE;
  return (await applicationNamed(application)).bottlenecks.find((one) => one.id === demo)?.phase ?? DEMO_PHASE;
}
