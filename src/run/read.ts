import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { ScaleplanError } from '../errors.ts';
import type { Interval } from '../model/interval.ts';
import { FORMAT_VERSION, type Run } from '../model/run.ts';
import type { Sample } from '../model/sample.ts';
import type { RunFacts } from './store.ts';

const head = z.object({ formatVersion: z.literal(FORMAT_VERSION), facts: z.looseObject({ id: z.string(), steps: z.array(z.looseObject({})) }) });

/** The newest run of a folder. Throws `run-not-found`. */
export function newestRun(output: string): string {
  const runs = existsSync(output)
    ? readdirSync(output).filter((name) => existsSync(join(output, name, 'run.json'))).sort((a, b) => startOf(output, a).localeCompare(startOf(output, b)))
    : [];
  const newest = runs.at(-1);
  if (!newest) throw new ScaleplanError('run-not-found', `There is no run in ${output}.`, { hint: 'scaleplan test --phase 2 makes one.' });
  return join(output, newest);
}

/**
 * Reads a run back from its folder (or the path of its run.json), also one that was cut off: its last, half-written line is left out.
 * Throws `run-not-found`, `run-not-readable`.
 */
export async function readRun(path: string): Promise<Run> {
  const folder = basename(path) === 'run.json' ? join(path, '..') : path;
  const facts = readFacts(join(folder, 'run.json'));
  const intervals = await readLines<Interval & { step: number }>(join(folder, 'intervals.ndjson'));
  const samples = await readLines<Sample>(join(folder, 'samples.ndjson'));
  const steps = facts.steps.map((step, index) => ({
    ...step,
    intervals: intervals.filter((interval) => interval.step === index).map(({ step: _, ...interval }) => interval),
  }));
  return { ...facts, steps, samples };
}

function readFacts(file: string): RunFacts {
  if (!existsSync(file)) throw new ScaleplanError('run-not-found', `There is no run at ${file}.`, { hint: 'Name the folder of a run, or none for the newest.' });
  try {
    // The schema checks version and frame; the facts were written by this program and are trusted from there on.
    return head.parse(JSON.parse(readFileSync(file, 'utf8'))).facts as unknown as RunFacts;
  } catch (cause) {
    throw new ScaleplanError('run-not-readable', `${file} is not a run that this version reads.`, { hint: `It must say "formatVersion": ${FORMAT_VERSION}.`, cause });
  }
}

async function readLines<T>(file: string): Promise<T[]> {
  if (!existsSync(file)) return [];
  const lines: T[] = [];
  const reader = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  for await (const line of reader) {
    const value = parseLine<T>(line);
    if (value !== null) lines.push(value);
  }
  return lines;
}

function parseLine<T>(line: string): T | null {
  try {
    return JSON.parse(line) as T;
  } catch {
    return null;
  }
}

/** A run's name begins with its start, which copying keeps and the file system does not; runs of one second go by their files. */
function startOf(output: string, name: string): string {
  const written = statSync(join(output, name, 'run.json')).mtime.toISOString();
  const start = /^\d{8}T\d{6}Z/.exec(name)?.[0] ?? written.replaceAll(/[-:]|\.\d+/g, '');
  return `${start} ${written}`;
}
