import { extname, resolve } from 'node:path';

import { ScaleplanError } from '../errors.ts';
import type { Scenario } from '../model/scenario.ts';
import { faultsError } from '../yaml/check.ts';
import { readText, readYamlFile } from '../yaml/read.ts';
import { Cursor } from './cursor.ts';
import { missingPayloads } from './payload.ts';
import { readScript } from './script.ts';

/** What `{{ $env.NAME }}` in `config` is resolved against; where it is not given, nothing is resolved. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a scenario: an Artillery script in YAML or JSON, or a script that only its own engine can run.
 * Throws `wrong-scenario` with every fault in one message, a line `file:line:col  …` each.
 */
export async function loadScenario(file: string, environment: Environment = {}): Promise<Scenario> {
  const absolute = resolve(file);
  switch (extname(file).toLowerCase()) {
    case '.yml':
    case '.yaml':
    case '.json':
      return loadScript(absolute, environment);
    case '.js':
    case '.mjs':
    case '.cjs':
    case '.ts':
      return loadProgram(absolute);
    default:
      throw new ScaleplanError('wrong-scenario', `${file}: a scenario is an Artillery script (.yml, .yaml, .json, .ts, .js) or a k6 script (.js, .ts)`);
  }
}

async function loadScript(file: string, environment: Environment): Promise<Scenario> {
  const root = Cursor.of(await readYamlFile(file, 'wrong-scenario'));
  const scenario = readScript(root, file, environment);
  const faults = [...root.notes.faults, ...(await missingPayloads(root, scenario.payloads))];
  if (faults.length > 0) throw faultsError(faults, 'wrong-scenario');
  return scenario;
}

async function loadProgram(file: string): Promise<Scenario> {
  const text = await readText(file, 'wrong-scenario');
  const isK6 = /(?:from|import|require\()\s*['"]k6(?:\/[\w/.-]+)?['"]/.test(text);
  const native = isK6
    ? { engine: 'k6' as const, reason: 'it is a k6 script' }
    : { engine: 'artillery' as const, reason: `it is a program (${extname(file)}) for artillery` };
  return {
    file, native, journeys: [], before: [], variables: {}, payloads: [], defaultHeaders: {}, timeoutMs: null, unsupported: [], phases: [],
  };
}
