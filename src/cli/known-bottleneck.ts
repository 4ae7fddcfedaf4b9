import { applicationNamed } from '../demo/applications.ts';
import { ScaleplanError } from '../errors.ts';
import type { ApplicationId } from '../model/application.ts';
import { didYouMean } from '../model/nearest.ts';

/** Throws `unknown-name` with the nearest bottleneck that the reference application can really have; null means none is wanted. */
export async function knownBottleneck(application: ApplicationId, name: string | null): Promise<string | null> {
  if (name === null) return null;
  const names = (await applicationNamed(application)).bottlenecks.map(({ id }) => id as string);
  if (names.includes(name)) return name;
  throw new ScaleplanError('unknown-name', `The reference application has no bottleneck "${name}"${didYouMean(name, names)}`, { hint: `There are: ${names.join(', ')}.` });
}
