import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { ScaleplanError } from '../errors.ts';
import { planFileSchema } from '../model/plan-file.ts';
import type { PlanFile } from '../model/plan-file.ts';
import type { Plan } from '../model/plan.ts';
import { checkShape, faultsError } from '../yaml/check.ts';
import { didYouMean } from '../model/nearest.ts';
import { readYaml } from '../yaml/read.ts';
import type { YamlFile } from '../yaml/read.ts';
import { buildPlan } from './build.ts';
import { createCiter } from './citer.ts';
import { findConditionFaults } from './condition-faults.ts';
import { plainText, readPlanText } from './extend.ts';
import type { PlanText } from './extend.ts';
import { bundledPlanFile, listPlans } from './list.ts';

/** Loads a bundled plan by its id, or a plan file by its path. Throws `unknown-name`, or `wrong-plan` with every fault of the file. */
export async function loadPlan(nameOrFile: string, { cwd }: { readonly cwd: string }): Promise<Plan> {
  const file = await findPlanFile(nameOrFile, cwd);
  return planFrom(file, await readPlanText(file).catch((error: unknown) => {
    throw error instanceof ScaleplanError && error.code === 'wrong-plan' ? withHint(error) : error;
  }));
}

/** A plan out of its text alone, which extends no other; `file` is what errors name, and where the paths of scenarios begin. */
export function parsePlan(file: string, text: string): Plan {
  return planFrom(file, plainText(readYaml(file, text, 'wrong-plan')));
}

function planFrom(file: string, { yaml, documents }: PlanText): Plan {
  const shape = checkAll(yaml);
  const cite = createCiter(yaml, documents);
  const plan = buildPlan(shape, file, cite);
  if (cite.faults.length > 0) throw withHint(faultsError(cite.faults, 'wrong-plan'));
  return plan;
}

async function findPlanFile(nameOrFile: string, cwd: string): Promise<string> {
  const bundled = await listPlans();
  if (bundled.includes(nameOrFile)) return bundledPlanFile(nameOrFile);
  const file = resolve(cwd, nameOrFile);
  // A folder, or what may not be read, says so itself when it is read.
  if (nameOrFile !== '' && await stat(file).then(() => true, () => false)) return file;
  if (/[\\/]|\.(?:ya?ml|json)$/.test(nameOrFile)) {
    throw new ScaleplanError('unknown-name', `no plan file ${file}`, { hint: `Name an existing file, or one of the plans that ship with scaleplan: ${bundled.join(', ')}.` });
  }
  throw new ScaleplanError('unknown-name', `unknown plan "${nameOrFile}"${didYouMean(nameOrFile, bundled)}`, {
    hint: `Plans that ship with scaleplan: ${bundled.join(', ')}. A plan of your own is named by its file, as in --plan ./plan.yaml.`,
  });
}

/** Shape and grammar fail together, so that one look at the message mends the whole file. */
function checkAll(yaml: YamlFile): PlanFile {
  const shape = checkPlanShape(yaml);
  const faults = findConditionFaults(yaml);
  if (faults.length === 0) {
    if (shape instanceof ScaleplanError) throw withHint(shape);
    return shape;
  }
  const grammar = faultsError(faults, 'wrong-plan');
  throw withHint(shape instanceof ScaleplanError ? merged(shape, grammar) : grammar);
}

function checkPlanShape(yaml: YamlFile): PlanFile | ScaleplanError {
  try {
    return checkShape(yaml, planFileSchema, 'wrong-plan');
  } catch (error) {
    if (error instanceof ScaleplanError) return error;
    throw error;
  }
}

/** Two errors of one file as one, its lines in the order of the file. */
function merged(one: ScaleplanError, other: ScaleplanError): ScaleplanError {
  const lines = `${one.message}\n${other.message}`.split('\n').toSorted((a, b) => position(a) - position(b));
  const [first] = [one.place, other.place].filter((place) => place !== null).toSorted((a, b) => a.line - b.line || a.column - b.column);
  return new ScaleplanError('wrong-plan', lines.join('\n'), first === undefined ? {} : { place: first });
}

function position(message: string): number {
  const match = /:(\d+):(\d+) {2}/.exec(message);
  return match === null ? Infinity : Number(match[1]) * 10_000 + Number(match[2]);
}

function withHint(error: ScaleplanError): ScaleplanError {
  return new ScaleplanError(error.code, error.message, {
    hint: 'The format of plan files is described in docs/plan-files.md.', cause: error, ...(error.place === null ? {} : { place: error.place }),
  });
}
