/** How often duets of the same version are red, and how often one with a version 10 % slower is. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scaleplan, startServer } from './compare-programs.ts';
import { MORE } from './pairs.ts';
import { daysOf, keepResults, readResults, today, type Result } from './results.ts';
import { median, type Table } from './table.ts';

interface MadeDuet {
  readonly isWorse: boolean;
  /** The generator could not keep up: a user would be told so, and the result does not count for him. */
  readonly isInvalid: boolean;
  readonly seconds: number;
}

interface Duets extends Result {
  readonly factor: number;
  readonly made: readonly MadeDuet[];
}

const BENCH = 'compare-duets';
const DUETS = 20;
/** Each other's noise. */
const AT_ONCE = 2;
const VERSIONS = [['same version', 1], ['10 % slower', 1.1]] as const;

/** Real duets; `more` adds two of the kind that has the fewest. */
export async function tables(pieces: readonly string[]): Promise<readonly Table[]> {
  if (pieces.includes(MORE)) await addSome();
  else for (const [key, factor] of VERSIONS) await makeAll(key, factor);
  const results = await readResults<Duets>(BENCH);
  return [{
    title: `Duets, ${AT_ONCE} at a time, against servers on a machine whose speed swings by ± 10 %${daysOf(results)}`,
    head: ['versions', 'red', 'wanted', 'kept', 'generator late', 'median time', 'longest', 'within 120 s'], rows: results.map(rowOf),
  }];
}

async function makeAll(key: string, factor: number): Promise<void> {
  await keepResults<Duets>(BENCH, [{ key, factor, day: today(), made: [] }]);
  for (let made = 0; made < DUETS; made += AT_ONCE) await add(key, factor);
}

async function addSome(): Promise<void> {
  const results = await readResults<Duets>(BENCH);
  const countOf = (key: string): number => results.find((one) => one.key === key)?.made.length ?? 0;
  const [fewest] = VERSIONS.toSorted(([a], [b]) => countOf(a) - countOf(b));
  if (fewest !== undefined && countOf(fewest[0]) < DUETS) await add(fewest[0], fewest[1]);
}

/** Kept as soon as they are made. */
async function add(key: string, factor: number): Promise<void> {
  const earlier = (await readResults<Duets>(BENCH)).find((one) => one.key === key)?.made ?? [];
  const made = await Promise.all(Array.from({ length: Math.min(AT_ONCE, DUETS - earlier.length) }, () => makeDuet(factor)));
  console.error(`${key}: ${made.map(({ isWorse, seconds }) => `${isWorse ? 'red' : 'not red'} in ${seconds.toFixed(0)} s`).join(', ')}`);
  await keepResults<Duets>(BENCH, [{ key, factor, day: today(), made: [...earlier, ...made] }]);
}

async function makeDuet(factor: number): Promise<MadeDuet> {
  const folder = mkdtempSync(join(tmpdir(), 'scaleplan-bench-'));
  const servers = await Promise.all([startServer(1), startServer(factor)]);
  try {
    const began = performance.now();
    const { out, code } = await scaleplan(['duet', servers[0].url, servers[1].url, '--json'], folder);
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    const { differences } = JSON.parse(out) as { differences: { status: string }[] }; // as `duet --json` prints it
    return { isWorse: differences.some(({ status }) => status === 'worse'), isInvalid: code === 3, seconds };
  } finally {
    for (const { stop } of servers) stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowOf({ key, factor, made }: Duets): string[] {
  const red = made.filter(({ isWorse }) => isWorse).length;
  const longest = Math.max(...made.map(({ seconds }) => seconds));
  const isKept = factor === 1 ? red === 0 : red >= 0.9 * made.length;
  return [
    key, `${red} of ${made.length}`, factor === 1 ? 'none' : '90 % or more', isKept ? 'yes' : 'no', String(made.filter(({ isInvalid }) => isInvalid).length),
    `${median(made.map(({ seconds }) => seconds)).toFixed(0)} s`, `${longest.toFixed(0)} s`, longest <= 120 ? 'yes' : 'no',
  ];
}
