/** How often comparisons of the same version are red, and how often a slowdown of 10 % is found. */
import { contrastRuns } from '../src/compare/contrast.ts';
import { compareRuns } from '../src/compare/compare.ts';
import { FAMILY_ERROR } from '../src/compare/decide.ts';
import { familyWise } from '../src/compare/family.ts';
import { turnsOf } from '../src/compare/turns.ts';
import { normalNumbers, randomNumbers } from '../test/stats/random.ts';
import { makeDuets, makeRuns, type RunPair } from './compare-runs.ts';
import { median, type Table } from './table.ts';

/** Runs a side, as the claim says. */
const RUNS = 8;
/** Four journeys by three percentiles. */
const FIGURES = 12;
const SIMULATIONS = 1000;
const COMPARISONS = 100;

/** Run-level noise as it may be: half of its variance hits all figures of a run alike. */
export function simulated(): Table {
  const rows = [0.02, 0.03, 0.04, 0.05, 0.06].map((noise) => {
    const [same, slower] = [redShare(noise, 0), redShare(noise, Math.log(1.1))];
    return [`${100 * noise} %`, percent(same), same <= FAMILY_ERROR + 2 * Math.sqrt((FAMILY_ERROR * (1 - FAMILY_ERROR)) / SIMULATIONS) ? 'yes' : 'no', percent(slower), slower >= 0.9 ? 'yes' : 'no'];
  });
  return { title: `Simulated: ${SIMULATIONS} comparisons each, ${RUNS} runs a side, ${FIGURES} figures`, head: ['noise between runs', 'same version red', `within ${100 * FAMILY_ERROR} %`, '10 % slower found', 'at least 90 %'], rows };
}

/** The order in which `compare --runs` makes them. */
const TURNS = Array.from({ length: 2 * RUNS }, (_, turn) => ({ startedAtMs: turn, side: turn % 4 === 0 || turn % 4 === 3 ? 'base' : 'head' }));

function redShare(noise: number, change: number): number {
  const normal = normalNumbers(randomNumbers(Math.round(1000 * noise) + (change > 0 ? 1 : 0)));
  const [common, own] = [noise * Math.SQRT1_2, noise * Math.SQRT1_2];
  const side = (shift: number): { log: number; variance: number }[][] => Array.from({ length: RUNS }, () => {
    const machine = common * normal();
    return Array.from({ length: FIGURES }, () => ({ log: shift + machine + own * normal(), variance: own ** 2 / 2 }));
  });
  const turns = turnsOf(TURNS.filter((turn) => turn.side === 'base'), TURNS.filter((turn) => turn.side === 'head'));
  let red = 0;
  for (let at = 0; at < SIMULATIONS; at += 1) {
    const [base, head] = [side(0), side(change)];
    const contrasts = Array.from({ length: FIGURES }, (_, figure) => contrastRuns({ scope: { suite: 'load' }, metric: 'http.p95' }, base.map((run) => run[figure] ?? null), head.map((run) => run[figure] ?? null), { history: null, turns }));
    const p = familyWise(contrasts.map((one) => ({ p: one?.pRise ?? 1, echo: one?.echo ?? null })), { freedom: contrasts[0]?.freedom ?? 1, common: (2 * RUNS - 2) / (2 * RUNS) }, 4000);
    if (p.some((one, figure) => one < FAMILY_ERROR && (contrasts[figure]?.change.mid ?? 0) >= Math.log(1.05))) red += 1;
  }
  return red / SIMULATIONS;
}

/** Real runs of a real server on a machine whose speed swings, made in pairs; comparisons of eight pairs drawn again and again. */
export async function runs(): Promise<Table> {
  const { same, slower } = await makeRuns();
  const draw = randomNumbers(1);
  // Which of two runs of one version is called the base is a coin's choice: so many comparisons are in sixteen pairs.
  const red = [same.map((pair) => (): RunPair => (draw() < 0.5 ? pair : [pair[1], pair[0]])), slower.map((pair) => (): RunPair => pair)].map((pairs) => {
    let worse = 0;
    for (let at = 0; at < COMPARISONS; at += 1) {
      const chosen = shuffled(pairs, draw).slice(0, RUNS).map((choose) => choose());
      const { differences } = compareRuns(chosen.map(([base]) => base), chosen.map(([, head]) => head), { threshold: 0.05 });
      if (differences.some(({ status }) => status === 'worse')) worse += 1;
    }
    return worse;
  });
  return {
    title: `Real runs of 11 s in turn, ${same.length} pairs of one version, ${slower.length} with one 10 % slower; ${COMPARISONS} draws of ${RUNS} pairs`,
    head: ['comparison', 'red', 'wanted', 'kept'],
    rows: [['same version', `${red[0]} of ${COMPARISONS}`, 'none', red[0] === 0 ? 'yes' : 'no'], ['10 % slower', `${red[1]} of ${COMPARISONS}`, '90 or more', (red[1] ?? 0) >= 90 ? 'yes' : 'no']],
  };
}

/** Real duets, four at a time: they are each other's noise. */
export async function duets(): Promise<Table> {
  const rows: string[][] = [];
  for (const [name, factor] of [['same version', 1], ['10 % slower', 1.1]] as const) {
    const made = await makeDuets(factor);
    const red = made.filter(({ isWorse }) => isWorse).length;
    const slowest = Math.max(...made.map(({ seconds }) => seconds));
    const wanted = factor === 1 ? red === 0 : red >= 0.9 * made.length;
    rows.push([name, `${red} of ${made.length}`, factor === 1 ? 'none' : '90 % or more', wanted ? 'yes' : 'no', String(made.filter(({ isInvalid }) => isInvalid).length), `${median(made.map(({ seconds }) => seconds)).toFixed(0)} s`, `${slowest.toFixed(0)} s`, slowest <= 120 ? 'yes' : 'no']);
  }
  return { title: 'Duets against real servers on a machine whose speed swings by ± 10 %', head: ['versions', 'red', 'wanted', 'kept', 'generator late', 'median time', 'longest', 'within 120 s'], rows };
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  return values.map((value) => ({ value, at: random() })).toSorted((a, b) => a.at - b.at).map(({ value }) => value);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
