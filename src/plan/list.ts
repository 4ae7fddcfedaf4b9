import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The plans that ship with scaleplan: two folders up, from the source as from the compiled package. */
const BUNDLED_FOLDER = fileURLToPath(new URL('../../thresholds/', import.meta.url));

/** Ids of the bundled plans, in alphabetical order. */
export async function listPlans(): Promise<readonly string[]> {
  const names = await readdir(BUNDLED_FOLDER);
  return names.filter((name) => name.endsWith('.yaml')).map((name) => basename(name, '.yaml')).toSorted();
}

export function bundledPlanFile(id: string): string {
  return join(BUNDLED_FOLDER, `${id}.yaml`);
}
