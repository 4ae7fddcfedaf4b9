import { ScaleplanError } from '../errors.ts';
import type { EngineName } from '../model/plan.ts';
import { nearest } from '../model/nearest.ts';
import type { Engine } from './engine.ts';

/** Every engine, loaded when it is asked for. A new one is a folder here and a line in this table. */
const ENGINES: Readonly<Partial<Record<EngineName, () => Promise<Engine>>>> = {
  autocannon: async () => (await import('./autocannon/driver.ts')).autocannon,
  artillery: async () => (await import('./artillery/driver.ts')).artillery,
  k6: async () => (await import('./k6/driver.ts')).k6,
};

export const ENGINE_NAMES = Object.keys(ENGINES);

/** Throws `unknown-name` with the nearest name there is. */
export async function engineNamed(name: string): Promise<Engine> {
  const load = ENGINES[name as EngineName];
  if (!load) {
    const near = nearest(name, ENGINE_NAMES);
    throw new ScaleplanError('unknown-name', `There is no engine "${name}".`, {
      hint: `${near ? `Did you mean "${near}"? ` : ''}There are: ${ENGINE_NAMES.join(', ')}.`,
    });
  }
  return load();
}
