import { existsSync } from 'node:fs';
import { env as ownEnv } from 'node:process';
import { ScaleplanError } from '../../errors.ts';
import { spawnChild } from '../../process/child.ts';
import type { EngineCheck } from '../engine.ts';
import { noteUse } from './builds.ts';
import { k6Sources, MODULE, type K6Sources } from './sources.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const INSTALL = 'scaleplan engines install k6';
/** `k6 version` answers in a tenth of a second. */
const VERSION_PATIENCE_MS = 20_000;

/** The k6 to run. Throws `engine-missing` with the command that makes one. */
export async function usableK6(env: Environment = ownEnv): Promise<string> {
  const check = await checkK6(env);
  if (!check.usable) throw new ScaleplanError('engine-missing', check.reason, { hint: check.hint });
  const sources = k6Sources(env);
  const file = placeOf(env, sources);
  if (file === sources.binary) await noteUse(sources.cacheFolder, Date.now());
  return file;
}

/** `SCALEPLAN_K6`, else the one in the user's cache. */
export async function checkK6(env: Environment = ownEnv): Promise<EngineCheck> {
  const sources = k6Sources(env);
  const file = placeOf(env, sources);
  const isNamed = file !== sources.binary;
  if (!existsSync(file)) {
    return isNamed
      ? { usable: false, reason: `SCALEPLAN_K6 names ${file}, and there is no such file`, hint: `Build one and leave SCALEPLAN_K6 out: ${INSTALL}` }
      : { usable: false, reason: 'k6 with scaleplan’s extension has not been built yet', hint: `Build it, about 90 s once, with Go ${sources.goVersion} or newer: ${INSTALL}` };
  }
  const found = await inspectK6(file);
  if (found === null) return { usable: false, reason: `${file} does not run, or is no k6`, hint: `Build one${isNamed ? ' and leave SCALEPLAN_K6 out' : ''}: ${INSTALL}` };
  if (found.hasExtension) return { usable: true, version: found.version };
  return {
    usable: false,
    reason: `${file} is k6 ${found.version} without scaleplan’s extension`,
    hint: `${INSTALL} builds one that has it; leave SCALEPLAN_K6 out then. Or build it yourself: ${buildCommand(sources)}`,
  };
}

export interface K6Found {
  /** Without the "v". */
  readonly version: string;
  readonly hasExtension: boolean;
}

/** Runs `k6 version`; null for what does not run or is something else. */
export async function inspectK6(file: string): Promise<K6Found | null> {
  const child = spawnChild(file, ['version'], { name: 'k6', readLines: false });
  const timer = setTimeout(() => void child.stop(0), VERSION_PATIENCE_MS);
  const { code } = await child.exited;
  clearTimeout(timer);
  const said = child.stderrTail();
  // It calls itself by the name of its file.
  const version = /^\S+ v(\d+\.\d+\.\d\S*) \((?:commit|go)/m.exec(said)?.[1];
  if (code !== 0 || version === undefined) return null;
  const extensions = said.split('\n').filter((line) => line.includes(MODULE));
  return { version, hasExtension: extensions.some((line) => line.includes('[output]')) && extensions.some((line) => line.includes('[js]')) };
}

function placeOf(env: Environment, sources: K6Sources): string {
  return env['SCALEPLAN_K6'] || sources.binary;
}

function buildCommand({ k6Version, folder }: K6Sources): string {
  return `xk6 build ${k6Version} --with ${MODULE}=${folder.replace(/[\\/]$/, '')} -o k6`;
}
