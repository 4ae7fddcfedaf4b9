import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { loadConfiguration } from '../config/load.ts';
import { ScaleplanError } from '../errors.ts';
import { didYouMean } from '../model/nearest.ts';
import type { Run } from '../model/run.ts';
import { readBaselines } from '../run/baselines.ts';
import { newestRun, readRun } from '../run/read.ts';
import type { Host } from './host.ts';

/** The folder of runs: as the flag says, else as configured. */
export async function outputFolder(flag: string | undefined, host: Host): Promise<string> {
  return flag === undefined ? (await loadConfiguration({ cwd: host.cwd, env: host.env })).output : resolve(host.cwd, flag);
}

/**
 * Folders of the runs that were named: by baseline, by folder, by id, several separated by commas; `newest` is the newest.
 * Throws `run-not-found` with the nearest name.
 */
export function runFolders(names: readonly string[], output: string, cwd: string): string[] {
  const folders = names.flatMap((name) => name.split(',')).map((name) => name.trim()).filter((name) => name !== '').flatMap((name) => foldersOf(name, output, cwd));
  return [...new Set(folders)];
}

/** Whether a name stands for anything at all; what it stands for may still be gone. */
export function isKnownRun(name: string, output: string, cwd: string): boolean {
  return name === 'newest' || Object.hasOwn(readBaselines(output), name) || [resolve(cwd, name), join(output, name)].some((folder) => existsSync(join(folder, 'run.json')));
}

/** The folder of the one run that was named, in any of these ways. Throws `run-not-found`, `wrong-usage` where the name stands for several. */
export function oneRunFolder(name: string, output: string, cwd: string): string {
  const [folder, ...others] = runFolders([name], output, cwd);
  if (folder !== undefined && others.length === 0) return folder;
  throw new ScaleplanError('wrong-usage', `"${name}" names ${folder === undefined ? 'no run' : `${others.length + 1} runs`}, where one is asked for.`, { hint: 'Name the folder or id of one run, or none for the newest.' });
}

export async function readRuns(folders: readonly string[]): Promise<Run[]> {
  const runs: Run[] = [];
  for (const folder of folders) runs.push(await readRun(folder));
  return runs;
}

function foldersOf(name: string, output: string, cwd: string): string[] {
  const baselines = readBaselines(output);
  const baseline = Object.hasOwn(baselines, name) ? baselines[name] : undefined;
  if (baseline !== undefined) return baseline.runs.map((id) => existing(join(output, id), `of the baseline ${name}`));
  if (name === 'newest') return [newestRun(output)];
  for (const folder of [resolve(cwd, name), join(output, name)]) {
    const found = basename(folder) === 'run.json' ? join(folder, '..') : folder;
    if (existsSync(join(found, 'run.json'))) return [found];
  }
  throw new ScaleplanError('run-not-found', `There is no run or baseline "${name}"${didYouMean(name, Object.keys(baselines))}`, {
    hint: 'Name the folder or id of a run, several with commas, or a baseline; scaleplan history and scaleplan baseline list show them.',
  });
}

function existing(folder: string, whose: string): string {
  if (existsSync(join(folder, 'run.json'))) return folder;
  throw new ScaleplanError('run-not-found', `The run ${basename(folder)} ${whose} is gone.`, { hint: 'Set the baseline again: scaleplan baseline set <name> <run>.' });
}
