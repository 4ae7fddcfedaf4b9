import { ScaleplanError } from '../errors.ts';
import { didYouMean } from '../model/nearest.ts';
import type { Source } from './source.ts';

/** Formats by their tool, loaded when asked for. A new one is a file here and a line in this table. */
const SOURCES: Readonly<Record<string, () => Promise<Source>>> = {
  k6: async () => (await import('./k6.ts')).k6,
  jmeter: async () => (await import('./jmeter.ts')).jmeter,
  artillery: async () => (await import('./artillery.ts')).artillery,
  locust: async () => (await import('./locust.ts')).locust,
  vegeta: async () => (await import('./vegeta.ts')).vegeta,
};

/** Throws `unknown-name` with the nearest there is. */
export async function sourceNamed(name: string): Promise<Source> {
  const load = Object.hasOwn(SOURCES, name) ? SOURCES[name] : undefined;
  if (load === undefined) throw new ScaleplanError('unknown-name', `There is no format "${name}"${didYouMean(name, Object.keys(SOURCES))}`, { hint: `There are: ${Object.keys(SOURCES).join(', ')}.` });
  return load();
}
