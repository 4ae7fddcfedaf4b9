import { compareRuns } from '../../compare/compare.ts';
import { historyNoise } from '../../compare/history.ts';
import { loadConfiguration } from '../../config/load.ts';
import { EXIT, ScaleplanError, type ExitCode } from '../../errors.ts';
import type { Run } from '../../model/run.ts';
import { readPastRuns } from '../../run/past-runs.ts';
import { countFrom, metricsFrom, thresholdFrom } from '../compare-flags.ts';
import type { Host } from '../host.ts';
import { runInterleaved } from '../interleave.ts';
import { outputFolder, readRuns, runFolders } from '../saved-runs.ts';
import type { TestFlags } from '../settings.ts';
import { showComparison } from '../show-comparison.ts';

export interface CompareFlags extends TestFlags {
  readonly base?: readonly string[];
  readonly head?: readonly string[];
  readonly threshold?: string;
  readonly metric?: readonly string[];
  readonly force?: boolean;
  readonly markdown?: boolean;
  readonly runs?: string;
  readonly baseTarget?: string;
  readonly headTarget?: string;
}

/** More runs than this would take a day. */
const MOST_RUNS = 50;
/** What five runs a side can tell is said in docs/compare.md. */
const DEFAULT_RUNS = 5;

/** `scaleplan compare`: saved runs against saved runs, or runs made for it in turn. */
export async function compare(base: string | undefined, head: string | undefined, flags: CompareFlags, host: Host): Promise<ExitCode> {
  const metrics = metricsFrom(flags.metric);
  const options = { threshold: thresholdFrom(flags.threshold), force: flags.force === true, ...(metrics === undefined ? {} : { metrics }) };
  const runs = countFrom('--runs', flags.runs, MOST_RUNS);
  const makesRuns = runs !== null || flags.baseTarget !== undefined || flags.headTarget !== undefined;
  const sides = makesRuns ? await makeRuns(flags, base ?? head, runs ?? DEFAULT_RUNS, host) : await savedRuns(base, head, flags, host);
  if ('interrupted' in sides && sides.interrupted !== null) return sides.interrupted === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  const output = await outputFolder(flags.output, host);
  const compared = new Set([...sides.base, ...sides.head].map(({ id }) => id));
  const earlier = readPastRuns(output).filter(({ id }) => !compared.has(id));
  const [newest] = [...sides.base, ...sides.head].toSorted((a, b) => b.startedAtMs - a.startedAtMs);
  const history = newest === undefined ? undefined : historyNoise(earlier, newest);
  const exitCode = showComparison(compareRuns(sides.base, sides.head, { ...options, ...(history === undefined ? {} : { history }) }), flags, host);
  // A generator that gave up in the middle is a fault of this machine, not a comparison of the wrong runs.
  return makesRuns && exitCode === EXIT.usage ? EXIT.invalid : exitCode;
}

interface Sides {
  readonly base: readonly Run[];
  readonly head: readonly Run[];
}

async function makeRuns(flags: CompareFlags, stray: string | undefined, runs: number, host: Host): Promise<Sides & { readonly interrupted: Run['interrupted'] }> {
  const { baseTarget, headTarget } = flags;
  if (baseTarget === undefined || headTarget === undefined || stray !== undefined) {
    throw new ScaleplanError('wrong-usage', stray === undefined ? 'To make the runs, both versions have to be there.' : `"${stray}" is a saved run, and --runs makes new ones.`, {
      hint: 'scaleplan compare --runs 5 --base-target <url> --head-target <url> --phase <id>, or scaleplan compare BASE HEAD.',
    });
  }
  return runInterleaved(flags, { base: baseTarget, head: headTarget }, runs, host);
}

async function savedRuns(base: string | undefined, head: string | undefined, flags: CompareFlags, host: Host): Promise<Sides> {
  const { baseline } = await loadConfiguration({ cwd: host.cwd, env: host.env });
  const [named, after] = [[base ?? [], flags.base ?? []].flat(), [head ?? [], flags.head ?? []].flat()];
  const before = named.length === 0 && baseline !== null ? [baseline] : named;
  if (before.length === 0) throw new ScaleplanError('wrong-usage', 'No base was named.', { hint: 'scaleplan compare BASE HEAD: runs by folder or id, several with commas, or a baseline.' });
  const output = await outputFolder(flags.output, host);
  const folders = { base: runFolders(before, output, host.cwd), head: runFolders(after.length > 0 ? after : ['newest'], output, host.cwd) };
  const sides = { base: await readRuns(folders.base), head: await readRuns(folders.head) };
  const twice = sides.base.find(({ id }) => sides.head.some((other) => other.id === id));
  if (twice !== undefined) throw new ScaleplanError('wrong-usage', `The run ${twice.id} is on both sides.`, { hint: after.length > 0 ? 'Name each run once.' : 'The head is the newest run where none is named.' });
  return sides;
}
