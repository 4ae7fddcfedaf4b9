import type { Architecture } from '../../model/plan.ts';

/** More instances would only share the same two cores with generator and servers. */
const MOST_INSTANCES = 2;

/** How many instances of the application a phase gets on one small machine. */
export function instancesOf(architecture: Architecture | null): number {
  return Math.min(MOST_INSTANCES, Math.max(1, architecture?.instances?.min ?? 1));
}

/** What a phase is built of and one small machine cannot give; an application adds what it leaves out on its own. */
export function missingHere(architecture: Architecture | null): string[] {
  if (architecture === null) return [];
  const { instances, regions, layers } = architecture;
  return [
    ...((instances?.min ?? 1) > MOST_INSTANCES ? [`${MOST_INSTANCES} instances stand for ${instances?.min}: more of them would share the same cores`] : []),
    ...((regions?.min ?? 1) > 1 ? [`${regions?.min} regions: this machine is one, so nothing between regions is measured`] : []),
    ...(layers.includes('cdn') ? ['no delivery network stands before the application'] : []),
  ];
}
