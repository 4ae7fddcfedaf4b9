import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { nameMachine } from './machine.ts';

/** What a bench found of one thing: its name within the bench, and the day. */
export interface Result {
  readonly key: string;
  readonly day: string;
}

interface Kept<R extends Result> {
  readonly machine: string;
  readonly results: readonly R[];
}

/**
 * A bench can be run in pieces, because the whole of it takes longer than most can have a machine to themselves. Puts the new results in
 * place of those of the same key and gives all; those of another machine are dropped, for a table speaks of one.
 */
export async function keepResults<R extends Result>(bench: string, found: readonly R[]): Promise<readonly R[]> {
  const earlier = (await readResults<R>(bench)).filter(({ key }) => !found.some((one) => one.key === key));
  const kept: Kept<R> = { machine: nameMachine(), results: [...earlier, ...found] };
  await mkdir(new URL('.', fileOf(bench)), { recursive: true });
  await writeFile(fileOf(bench), `{"machine": ${JSON.stringify(kept.machine)}, "results": [\n${kept.results.map((one) => JSON.stringify(one)).join(',\n')}\n]}\n`);
  return kept.results;
}

export async function readResults<R extends Result>(bench: string): Promise<readonly R[]> {
  const text = await readFile(fileOf(bench), 'utf8').catch(() => null);
  if (text === null) return [];
  const { machine, results } = JSON.parse(text) as Kept<R>; // written by the function above
  return machine === nameMachine() ? results : [];
}

/** Whether a part of a bench was asked for: named in part by a word, or all where no word is given. */
export function isChosen(name: string, pieces: readonly string[]): boolean {
  return pieces.length === 0 || pieces.some((piece) => isPart(piece, name));
}

export function isPart(piece: string, name: string): boolean {
  return name.toLowerCase().includes(piece.toLowerCase());
}

export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Where the rows of a table were not all made on one day, the days, for its title. */
export function daysOf(results: readonly Result[]): string {
  const days = results.map(({ day }) => day).sort();
  return days[0] === days.at(-1) ? '' : ` (made from ${days[0]} to ${days.at(-1)})`;
}

function fileOf(bench: string): URL {
  return new URL(`results/${bench}.json`, import.meta.url);
}
