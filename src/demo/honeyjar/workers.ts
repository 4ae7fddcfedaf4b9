import type { Architecture } from '../../model/plan.ts';
import { missingHere } from '../app/shared-machine.ts';
import type { QueueName } from './settings.ts';

/** How many workers of a queue the phase has; one where the plan does not say. */
export function workersIn(architecture: Architecture | null, queue: QueueName): number {
  const range = architecture?.workers[queue] ?? architecture?.workers['all'];
  return Math.max(1, range?.min ?? 1);
}

/** What the phase is built of and one small machine cannot give. */
export function adjustmentsTo(architecture: Architecture | null): string[] {
  if (architecture === null) return [];
  const { workers, replicas } = architecture;
  const counts = Object.entries(workers);
  return [
    ...missingHere(architecture),
    ...(counts.length > 0 ? [`the workers of each queue (${counts.map(([name, { min }]) => `${name}: ${min}`).join(', ')}) are one process with as many jobs at once`] : []),
    ...((replicas?.min ?? 0) > 0 ? ['the database has no read replica here'] : []),
  ];
}
