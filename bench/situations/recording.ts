import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { z } from 'zod';
import { BOTTLENECKS } from '../../src/model/bottleneck.ts';
import type { Run } from '../../src/model/run.ts';
import { makeTempFolder } from '../../src/process/temp-folder.ts';
import { readRun } from '../../src/run/read.ts';

const FOLDER = join(import.meta.dirname, 'recordings');
const ENDING = '.run.br';
/** What scaleplan stores of a run, as it stores it: whatever reads old runs reads these. */
const FILES = ['run.json', 'intervals.ndjson', 'samples.ndjson'] as const;

const schema = z.object({
  name: z.string(),
  label: z.array(z.enum(BOTTLENECKS)),
  because: z.string(),
  /** Second of the run in which what is wrong began; null: before it. */
  onsetSecond: z.number().nullable(),
  recordedAt: z.string(),
  machine: z.string(),
  files: z.record(z.enum(FILES), z.string()),
});

export type RecordingFile = z.infer<typeof schema>;

export interface Recording extends Omit<RecordingFile, 'files'> {
  readonly run: Run;
}

/** Packs a run's folder beside its label. Nothing of the machine's paths or names goes in. */
export function keep(runFolder: string, about: Omit<RecordingFile, 'files'>): { readonly file: string; readonly bytes: number } {
  const files = Object.fromEntries(FILES.map((name) => [name, cleaned(name, readFileSync(join(runFolder, name), 'utf8'))]));
  const text = JSON.stringify({ ...about, files });
  const packed = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } });
  const file = join(FOLDER, `${about.name}${ENDING}`);
  writeFileSync(file, packed);
  return { file, bytes: packed.length };
}

export function isKept(name: string): boolean {
  return existsSync(join(FOLDER, `${name}${ENDING}`));
}

/** A run as it lies there, with its label. */
export async function readRecording(runFolder: string, about: Omit<RecordingFile, 'files'>): Promise<Recording> {
  return { ...about, run: await readRun(runFolder) };
}

/** Every recording, by name; or those that `chooses` names. */
export async function recordings(chooses: (name: string) => boolean = () => true): Promise<Recording[]> {
  const folder = await makeTempFolder('recordings');
  try {
    const found: Recording[] = [];
    for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(ENDING) && chooses(name.slice(0, -ENDING.length))).sort()) {
      const { files, ...about } = schema.parse(JSON.parse(brotliDecompressSync(readFileSync(join(FOLDER, file))).toString('utf8')));
      const path = join(folder.path, about.name);
      await mkdir(path);
      for (const name of FILES) writeFileSync(join(path, name), files[name]);
      found.push(await readRecording(path, about));
    }
    return found;
  } finally {
    await folder.dispose();
  }
}

/** The facts without the report that stands beside them, and of these only what judging needs: no paths, no host name. */
function cleaned(name: (typeof FILES)[number], text: string): string {
  if (name !== 'run.json') return text;
  const { formatVersion, facts } = z.looseObject({ formatVersion: z.number(), facts: z.looseObject({
    plan: z.looseObject({ id: z.string() }), steps: z.array(z.looseObject({ scenario: z.string() })),
    configuration: z.looseObject({}), environment: z.looseObject({}), target: z.looseObject({}),
  }) }).parse(JSON.parse(text));
  const { ratePerSec, meanRatePerSec, users } = facts.configuration;
  const { host: _, ...environment } = facts.environment;
  return JSON.stringify({ formatVersion, facts: {
    ...facts, environment, configuration: { ratePerSec, meanRatePerSec, users },
    plan: { ...facts.plan, file: `thresholds/${facts.plan.id}.yaml` },
    steps: facts.steps.map((step) => ({ ...step, scenario: basename(step.scenario) })),
    target: { ...facts.target, url: 'http://127.0.0.1' },
  } });
}
