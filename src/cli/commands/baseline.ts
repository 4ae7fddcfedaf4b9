import { relative } from 'node:path';
import { EXIT, ScaleplanError, type ExitCode } from '../../errors.ts';
import { readBaselines, setBaseline } from '../../run/baselines.ts';
import type { Host } from '../host.ts';
import { outputFolder, runFolders } from '../saved-runs.ts';

interface BaselineFlags {
  readonly output?: string;
  readonly json?: boolean;
}

/** `scaleplan baseline set`: a name for runs, kept beside them. */
export async function setNamedBaseline(name: string, runs: readonly string[], flags: BaselineFlags, host: Host): Promise<ExitCode> {
  const output = await outputFolder(flags.output, host);
  const folders = runFolders(runs.length === 0 ? ['newest'] : runs, output, host.cwd);
  const set = setBaseline(output, name, folders.map((folder) => within(output, folder)), host.now());
  if (flags.json) host.out.write(`${JSON.stringify({ name, ...set }, null, 2)}\n`);
  else host.out.write(`${name} is ${set.runs.join(', ')}\n`);
  return EXIT.passed;
}

/** A baseline outlives the working folder it was set in only where its runs lie beside it. */
function within(output: string, folder: string): string {
  const path = relative(output, folder);
  if (path === '' || path.startsWith('..')) throw new ScaleplanError('wrong-usage', `The run ${folder} lies outside ${output}, where baselines are kept.`, { hint: 'Copy it there, or name its folder: --output <dir>.' });
  return path;
}

/** `scaleplan baseline list`. */
export async function listBaselines(flags: BaselineFlags, host: Host): Promise<ExitCode> {
  const baselines = Object.entries(readBaselines(await outputFolder(flags.output, host))).map(([name, one]) => ({ name, ...one }));
  if (flags.json) host.out.write(`${JSON.stringify(baselines, null, 2)}\n`);
  else if (baselines.length === 0) host.out.write('There is no baseline yet: scaleplan baseline set <name> [run...]\n');
  else for (const { name, runs, setAt } of baselines) host.out.write(`${name.padEnd(16)} ${setAt.slice(0, 16).replace('T', ' ')}  ${runs.join(', ')}\n`);
  return EXIT.passed;
}
