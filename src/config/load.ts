import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { ScaleplanError } from '../errors.ts';
import { checkShape } from '../yaml/check.ts';
import { readYamlFile } from '../yaml/read.ts';
import type { YamlFile } from '../yaml/read.ts';
import { DEFAULTS } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import { fromEnvironment } from './environment.ts';
import { expandAll } from './expand.ts';
import { nameOrFile } from './name-or-file.ts';
import { ConfigurationFile } from './schema.ts';

/** Tried in every folder, in this order. */
const FILES = ['scaleplan.config.yaml', 'scaleplan.config.yml'];

/** Where to look and what to expand with; `env` also carries the `SCALEPLAN_*` settings. */
interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The settings without the flags: defaults, then the file found upwards from `cwd`, then `SCALEPLAN_*`.
 * Paths in the file are relative to it, paths in the environment to `cwd`; both come back absolute.
 * Throws `wrong-configuration` with `file:line:col`, or with the name of the variable. No message holds a secret.
 */
export async function loadConfiguration({ cwd, env }: Surroundings): Promise<Configuration> {
  const file = await findUpwards(cwd);
  const settings = file === null ? {} : fromFile(await readYamlFile(file, 'wrong-configuration').catch(emptyIsFine), env);
  return { ...DEFAULTS, output: resolve(cwd, DEFAULTS.output), file, ...settings, ...fromEnvironment(env, cwd) };
}

/** The nearest configuration file in `folder` or above it. */
async function findUpwards(folder: string): Promise<string | null> {
  for (const name of FILES) {
    const file = join(folder, name);
    const isThere = await access(file).then(() => true, () => false);
    if (isThere) return file;
  }
  const parent = dirname(folder);
  return parent === folder ? null : findUpwards(parent);
}

/** A configuration in which everything is commented out is one that changes nothing. */
function emptyIsFine(error: unknown): null {
  if (error instanceof ScaleplanError && error.message.endsWith('the file is empty')) return null;
  throw error;
}

function fromFile(yaml: YamlFile | null, env: Surroundings['env']): Partial<Configuration> {
  if (yaml === null) return {};
  // Expanded first: what a variable holds must be a URL as much as what the file holds.
  const expanded = expandAll(yaml, env);
  const settings = checkShape(expanded, ConfigurationFile, 'wrong-configuration');
  const folder = dirname(yaml.file);
  return {
    ...settings,
    ...(settings.output === undefined ? {} : { output: resolve(folder, settings.output) }),
    ...(settings.baseline === undefined ? {} : { baseline: nameOrFile(settings.baseline, folder) }),
    ...(settings.plan === undefined ? {} : { plan: nameOrFile(settings.plan, folder) }),
    // A package may have a scope, and so a slash, in its name.
    ...(settings.reporters === undefined ? {} : { reporters: settings.reporters.map((reporter) => (reporter.startsWith('@') ? reporter : nameOrFile(reporter, folder))) }),
    ...(settings.scenarios === undefined ? {} : { scenarios: settings.scenarios.map((scenario) => nameOrFile(scenario, folder)) }),
  };
}
