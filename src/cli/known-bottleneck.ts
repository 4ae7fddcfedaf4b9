import { DEMO_BOTTLENECKS } from '../demo/bottlenecks.ts';
import { ScaleplanError } from '../errors.ts';
import { didYouMean } from '../model/nearest.ts';

/** Throws `unknown-name` with the nearest bottleneck that the reference application can really have; null means none is wanted. */
export function knownBottleneck(name: string | null): string | null {
  const names = DEMO_BOTTLENECKS.map(({ id }) => id as string);
  if (name === null || names.includes(name)) return name;
  throw new ScaleplanError('unknown-name', `The reference application has no bottleneck "${name}"${didYouMean(name, names)}`, { hint: `There are: ${names.join(', ')}.` });
}
