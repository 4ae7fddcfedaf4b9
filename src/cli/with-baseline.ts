import { compareRuns } from '../compare/compare.ts';
import { historyNoise } from '../compare/history.ts';
import { expectedNoise } from '../compare/noise.ts';
import type { Baseline } from '../judge/baseline.ts';
import { COMPARED_METRICS, type Comparison } from '../model/comparison.ts';
import type { PastRun } from '../model/past-run.ts';
import type { Run } from '../model/run.ts';
import { readPastRuns } from '../run/past-runs.ts';
import { DEFAULT_THRESHOLD } from './compare-flags.ts';
import { isKnownRun, readRuns, runFolders } from './saved-runs.ts';

/** What `--baseline` names, read before any load: a name that is wrong must not cost a run. */
export interface NamedBaseline {
  readonly runs: readonly Run[];
  /** Other runs of the folder: the noise between runs. */
  readonly earlier: readonly PastRun[];
}

export interface BaselineNames {
  /** `--baseline`; `none` stands for no baseline at all. */
  readonly flag: string | undefined;
  readonly configured: string | null;
}

/**
 * Throws `run-not-found`, `run-not-readable`. A configured name that was never set is no mistake: the first run of a repository has none.
 */
export async function readBaseline({ flag, configured }: BaselineNames, output: string, { cwd, say }: { readonly cwd: string; readonly say: (text: string) => void }): Promise<NamedBaseline | null> {
  const name = flag ?? configured;
  if (name === null || name === 'none') return null;
  if (flag === undefined && !isKnownRun(name, output, cwd)) {
    say(`There is no baseline "${name}" yet, as the configuration wants it; scaleplan baseline set ${name} names one.`);
    return null;
  }
  const runs = await readRuns(runFolders([name], output, cwd));
  const ids = new Set(runs.map(({ id }) => id));
  return { runs, earlier: readPastRuns(output).filter(({ id }) => !ids.has(id)) };
}

/** Without the run that is judged: held against itself nothing ever changes. Null where nothing else is left. */
export function withoutItself(baseline: NamedBaseline | null, { id }: Pick<Run, 'id'>): NamedBaseline | null {
  const runs = baseline?.runs.filter((one) => one.id !== id) ?? [];
  return baseline === null || runs.length === 0 ? null : { ...baseline, runs };
}

/** The comparison for the report, and the baseline as conditions see it. */
export function holdAgainst(run: Run, { runs, earlier }: NamedBaseline): { readonly comparison: Comparison; readonly baseline: Baseline } {
  const history = historyNoise(earlier.filter(({ id }) => id !== run.id), run);
  const comparison = compareRuns(runs, [run], { threshold: DEFAULT_THRESHOLD, history });
  const noiseOf: Baseline['noiseOf'] = (suite, scope, metric) => {
    const compared = COMPARED_METRICS.find((one) => one === metric);
    return expectedNoise(compared === undefined ? null : history({ suite, ...scope }, compared));
  };
  return { comparison, baseline: { runs, refused: comparison.comparable ? null : (comparison.reasons[0] ?? 'it differs'), noiseOf } };
}
