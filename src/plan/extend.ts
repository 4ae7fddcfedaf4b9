import { dirname, resolve } from 'node:path';

import { ScaleplanError } from '../errors.ts';
import type { PlanFile } from '../model/plan-file.ts';
import { planFileSchema } from '../model/plan-file.ts';
import { didYouMean } from '../model/nearest.ts';
import { faultsError } from '../yaml/check.ts';
import type { Fault } from '../yaml/check.ts';
import { readText, readYaml } from '../yaml/read.ts';
import type { YamlFile } from '../yaml/read.ts';
import { layer } from './layer.ts';
import { bundledPlanFile, listPlans } from './list.ts';

type Document = PlanFile['document'];

/** A plan file with everything it extends laid under it. */
export interface PlanText {
  readonly yaml: YamlFile;
  /** What each file was taken from, the upper file first. */
  readonly documents: ReadonlyMap<string, Document>;
}

/** Reads a plan file and, through `extends`, those below it. Throws `wrong-plan` at the place of what is wrong. */
export async function readPlanText(file: string, above: readonly string[] = []): Promise<PlanText> {
  const own = readYaml(file, await readText(file, 'wrong-plan'), 'wrong-plan');
  if (!isExtending(own.value)) return plainText(own);
  const { file: below, isBundled } = await baseOf(own);
  const chain = [...above, file];
  if (chain.includes(below)) throw wrongBase(own, `extends: ${[...chain.slice(chain.indexOf(below)), below].join(' extends ')}: none of them is the plan to begin with`);
  const base = await readPlanText(below, chain).catch((error: unknown) => {
    // A file that is not there has no place of its own: the line that names it has.
    if (error instanceof ScaleplanError && error.place === null) throw wrongBase(own, `extends: ${error.message}`, error);
    throw error;
  });
  const faults: Fault[] = [];
  const { extends: _extends, ...rest } = own.value;
  const merged = layer(base.yaml, { ...own, value: rest }, faults);
  checkId(own, base.yaml, isBundled, faults);
  if (faults.length > 0) throw faultsError(faults, 'wrong-plan');
  return { yaml: merged, documents: new Map([[file, documentOf(own.value)], ...base.documents]) };
}

/** A plan that stands on its own. */
export function plainText(yaml: YamlFile): PlanText {
  return { yaml, documents: new Map([[yaml.file, documentOf(yaml.value)]]) };
}

function isExtending(value: unknown): value is Readonly<Record<string, unknown>> & { readonly extends: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'extends' in value;
}

/** The plan that is named: a bundled one by its id, or a file relative to the one that names it. */
async function baseOf(own: YamlFile): Promise<{ readonly file: string; readonly isBundled: boolean }> {
  const named = isExtending(own.value) ? own.value.extends : null;
  const bundled = await listPlans();
  if (typeof named !== 'string' || named.trim() === '') throw wrongBase(own, `extends: expected the id of a plan (${bundled.join(', ')}) or the path of a plan file`);
  if (bundled.includes(named)) return { file: bundledPlanFile(named), isBundled: true };
  if (/[\\/]|\.(?:ya?ml|json)$/.test(named)) return { file: resolve(dirname(own.file), named), isBundled: false };
  throw wrongBase(own, `extends: unknown plan "${named}"${didYouMean(named, bundled)}; expected one of ${bundled.join(', ')}, or the path of a plan file`);
}

/** Runs, baselines and histories are told apart by the plan's id: another plan's would mix two plans' figures. */
function checkId(own: YamlFile, base: YamlFile, isBundled: boolean, faults: Fault[]): void {
  const [ownId, baseId] = [idOf(own.value), idOf(base.value)];
  if (!hasId(own.value)) faults.push({ place: own.place([]), message: 'id: missing; a plan that extends another needs an id of its own' });
  else if (ownId !== undefined && ownId === baseId) faults.push({ place: own.place(['id']), message: `id: "${ownId}" is the id of the ${isBundled ? 'bundled ' : ''}plan below; expected one of its own` });
}

function hasId(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'id' in value;
}

function idOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' ? value.id : undefined;
}

/** Only a document whose shape is right can be cited; one that is wrong is told by the check of the whole file. */
function documentOf(value: unknown): Document {
  const written = typeof value === 'object' && value !== null && 'document' in value ? value.document : undefined;
  const read = planFileSchema.shape.document.safeParse(written);
  return read.success ? read.data : undefined;
}

function wrongBase(own: YamlFile, message: string, cause?: unknown): ScaleplanError {
  const error = faultsError([{ place: own.place(['extends']), message }], 'wrong-plan');
  return cause === undefined ? error : new ScaleplanError('wrong-plan', error.message, { cause, ...(error.place === null ? {} : { place: error.place }) });
}
