import { resolve } from 'node:path';

import { ScaleplanError } from '../errors.ts';
import { didYouMean, nearest } from '../model/nearest.ts';
import { PROFILES } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import { nameOrFile } from './name-or-file.ts';
import { ENGINES, SUITES, parseProbeText, webAddress } from './schema.ts';

const PREFIX = 'SCALEPLAN_';

type Reading = (value: string, name: string, cwd: string) => Partial<Configuration>;

const SETTINGS: Readonly<Record<string, Reading>> = {
  SCALEPLAN_PLAN: (value, _, cwd) => ({ plan: nameOrFile(value, cwd) }),
  SCALEPLAN_PHASE: (value) => ({ phase: value }),
  SCALEPLAN_TARGET: (value, name) => {
    if (!webAddress.safeParse(value).success) throw wrong(`${name} must be an http or https URL, as in http://127.0.0.1:3000`);
    return { target: value };
  },
  SCALEPLAN_SUITES: (value, name) => ({ suites: list(value).map((suite) => oneOf(suite, SUITES, name)) }),
  SCALEPLAN_SCENARIOS: (value, _, cwd) => ({ scenarios: list(value).map((scenario) => nameOrFile(scenario, cwd)) }),
  SCALEPLAN_ENGINE: (value, name) => ({ engine: oneOf(value, ENGINES, name) }),
  SCALEPLAN_PROFILE: (value, name) => ({ profile: oneOf(value, PROFILES, name) }),
  // Addresses hold commas (`host:1,host:2`), so blanks part the list.
  SCALEPLAN_PROBES: (value, name) => ({ probes: value.split(/\s+/).map((probe) => readProbe(probe, name)) }),
  SCALEPLAN_ALLOWED_TARGETS: (value) => ({ allowedTargets: list(value) }),
  SCALEPLAN_OUTPUT: (value, _, cwd) => ({ output: resolve(cwd, value) }),
  SCALEPLAN_REPORTERS: (value) => ({ reporters: list(value) }),
  SCALEPLAN_BASELINE: (value, _, cwd) => ({ baseline: nameOrFile(value, cwd) }),
  SCALEPLAN_ACCEPT_NOISE: (value, name) => ({ acceptNoise: oneOf(value, ['true', 'false', '1', '0'], name) === 'true' || value === '1' }),
};

export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS);

/** What `SCALEPLAN_*` variables set; an empty one counts as not set. Throws `wrong-configuration` for a name close to one of ours, or a wrong value. */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>>, cwd: string): Partial<Configuration> {
  const found = Object.entries(env).filter(([name, value]) => name.startsWith(PREFIX) && value !== undefined && value.trim() !== '');
  const parts = found.map(([name, value]) => {
    const read = SETTINGS[name];
    if (read !== undefined) return read((value ?? '').trim(), name, cwd);
    const meant = nearest(ownPart(name), SETTING_NAMES.map((known) => ownPart(known)));
    // An unknown one may belong to another version, or be there to be expanded; a near miss is a slip.
    if (meant !== null) throw wrong(`unknown environment variable ${name}; did you mean "${PREFIX}${meant}"?`);
    return {};
  });
  return Object.assign({}, ...parts) as Partial<Configuration>;
}

/** All begin alike, which would make every two of them near. */
function ownPart(name: string): string {
  return name.slice(PREFIX.length);
}

function list(value: string): readonly string[] {
  return value.split(',').map((item) => item.trim()).filter((item) => item !== '');
}

function oneOf<const T extends string>(value: string, names: readonly T[], variable: string): T {
  const found = names.find((name) => name === value);
  if (found !== undefined) return found;
  throw wrong(`${variable}: expected one of ${names.join(', ')}, got "${value}"${didYouMean(value, names)}`);
}

function readProbe(written: string, variable: string): Configuration['probes'][number] {
  const probe = parseProbeText(written);
  if (probe === null) throw wrong(`${variable}: expected <kind>=<address>, parted by blanks, as in redis=redis://127.0.0.1:6379`);
  return probe;
}

function wrong(message: string): ScaleplanError {
  return new ScaleplanError('wrong-configuration', message);
}
