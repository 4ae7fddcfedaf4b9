/** How often comparisons of real runs of the same version are red, and how often a slowdown of 10 % is found. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareRuns } from '../src/compare/compare.ts';
import type { Run } from '../src/model/run.ts';
import { randomNumbers } from '../test/stats/random.ts';
import { addSets, RUN_SECONDS } from './compare-record.ts';
import { readSets, type RunSet } from './compare-recorded.ts';
import { MORE } from './pairs.ts';
import type { Table } from './table.ts';

/** Runs a side, as the claim says. */
const RUNS = 8;
const COMPARISONS = 100;

/** The runs that the repository carries. */
export async function recorded(): Promise<readonly Table[]> {
  return compareSets(await readSets(), 'Recorded runs');
}

/** Eight sets kept beside the temporary files, so that they can be made two at a time with `more`; compared once there are enough. */
export async function fresh(pieces: readonly string[]): Promise<readonly Table[]> {
  const file = join(tmpdir(), 'scaleplan-bench-fresh-sets.br');
  const missing = RUNS - (await readSets(file)).length;
  if (missing > 0) await addSets(pieces.includes(MORE) ? Math.min(2, missing) : missing, file);
  return compareSets(await readSets(file), 'Fresh runs');
}

type Pair = readonly [base: Run, head: Run];

function compareSets(sets: readonly RunSet[], title: string): readonly Table[] {
  if (sets.length < RUNS) return [{ title: `${title}: ${sets.length} of ${RUNS} sets are there`, head: ['comparison'], rows: [] }];
  const draw = randomNumbers(1);
  const coin = (): boolean => draw() < 0.5;
  // Which of two runs of one version is called the base is a coin's choice; a slower run is held against either of its two companions.
  const same = redOf(sets, draw, ({ base, twin }) => (coin() ? [base, twin] : [twin, base]));
  const slower = redOf(sets, draw, (set) => [coin() ? set.base : set.twin, set.slower]);
  return [{
    title: `${title}: ${sets.length} sets of three runs in turn (${RUN_SECONDS} s, four journeys), ${COMPARISONS} comparisons of ${RUNS} runs a side`,
    head: ['comparison', 'figures', 'red', 'wanted', 'kept', 'cannot tell', 'noise between runs: p50, p95, p99'],
    rows: [
      ['same version', same.figures, `${same.red} of ${COMPARISONS}`, 'none', same.red === 0 ? 'yes' : 'no', String(same.open), sayNoise(sets)],
      ['10 % slower', slower.figures, `${slower.red} of ${COMPARISONS}`, '90 or more', slower.red >= 90 ? 'yes' : 'no', String(slower.open), ''],
    ],
  }];
}

interface Found {
  readonly red: number;
  readonly open: number;
  readonly figures: string;
}

/** Within a comparison no run is used twice; between them runs are drawn again. */
function redOf(sets: readonly RunSet[], draw: () => number, choose: (set: RunSet) => Pair): Found {
  let [red, open, figures] = [0, 0, 0];
  for (let at = 0; at < COMPARISONS; at += 1) {
    const pairs = shuffled(sets, draw).slice(0, RUNS).map(choose);
    const { differences } = compareRuns(pairs.map(([base]) => base), pairs.map(([, head]) => head), { threshold: 0.05, force: true });
    figures = differences.length;
    if (differences.some(({ status }) => status === 'worse')) red += 1;
    else if (differences.some(({ status }) => status === 'cannot-tell')) open += 1;
  }
  return { red, open, figures: String(figures) };
}

/** Scatter of a run of one version from the next one of it, as the standard deviation of the logarithm. */
function sayNoise(sets: readonly RunSet[]): string {
  const metrics = ['http.p50', 'http.p95', 'http.p99'] as const;
  const changes = sets.map(({ base, twin }) => compareRuns([base], [twin], { threshold: 0.05, force: true, metrics }).differences.filter(({ scope }) => scope.journey === undefined));
  return metrics.map((metric) => {
    const logs = changes.map((one) => Math.log1p((one.find((difference) => difference.metric === metric)?.changePercent?.mid ?? 0) / 100));
    return `${(100 * Math.sqrt(logs.reduce((sum, log) => sum + log * log, 0) / logs.length / 2)).toFixed(1)} %`;
  }).join(', ');
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  return values.map((value) => ({ value, at: random() })).toSorted((a, b) => a.at - b.at).map(({ value }) => value);
}
