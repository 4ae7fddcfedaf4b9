import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { z } from 'zod';
import type { Run } from '../../src/model/run.ts';
import { makeTempFolder } from '../../src/process/temp-folder.ts';
import { readRun } from '../../src/run/read.ts';
import type { Truth } from './truth.ts';

const FOLDER = join(import.meta.dirname, 'recordings');
const ENDING = '.json.br';
const FILES = ['run.json', 'intervals.ndjson', 'samples.ndjson'] as const;
/** What says how busy something was, and how much of it there is. */
const METRICS = /^(postgres\.(pool_|query_time)|qdrant\.search|redis\.(memory|keys|hits|misses|evictions)|cache\.|node\.(event_loop|cpu|run_queue|requests)|host\.(cpu|cores|steal|run_queue))/;

const schema = z.object({
  name: z.string(), recordedAt: z.string(), machine: z.string(),
  truth: z.object({ at: z.number(), stages: z.array(z.object({ load: z.number(), broke: z.boolean(), told: z.string() })) }).nullable(),
  lights: z.array(z.record(z.enum(FILES), z.string())),
});

type Kept = z.infer<typeof schema>;

/** What was measured of one configuration: where it breaks, and runs that stayed far below. */
export interface Measured {
  readonly name: string;
  readonly machine: string;
  readonly truth: Truth | null;
  readonly lights: readonly Run[];
}

/** Writes down what is new and keeps the rest. */
export function keep(name: string, news: { readonly machine: string; readonly truth?: Truth; readonly lights?: readonly Run[] }): void {
  const before = isKept(name) ? read(name) : { name, recordedAt: '', machine: '', truth: null, lights: [] };
  const truth = news.truth === undefined ? before.truth : { at: news.truth.at, stages: [...news.truth.stages] };
  const kept: Kept = { name, recordedAt: new Date().toISOString(), machine: news.machine, truth, lights: news.lights === undefined ? before.lights : news.lights.map(filesOf) };
  writeFileSync(join(FOLDER, `${name}${ENDING}`), brotliCompressSync(JSON.stringify(kept)));
}

export function isKept(name: string): boolean {
  return existsSync(join(FOLDER, `${name}${ENDING}`));
}

/** Everything that was measured, by name. */
export async function recordings(): Promise<Measured[]> {
  const folder = await makeTempFolder('forecasts');
  try {
    const names = readdirSync(FOLDER).filter((name) => name.endsWith(ENDING)).map((name) => name.slice(0, -ENDING.length)).sort();
    return await Promise.all(names.map(async (name) => {
      const { lights, ...about } = read(name);
      return { ...about, lights: await Promise.all(lights.map((files, at) => runFrom(join(folder.path, `${name}-${at}`), files))) };
    }));
  } finally {
    await folder.dispose();
  }
}

function read(name: string): Kept {
  return schema.parse(JSON.parse(brotliDecompressSync(readFileSync(join(FOLDER, `${name}${ENDING}`))).toString('utf8')));
}

async function runFrom(folder: string, files: Kept['lights'][number]): Promise<Run> {
  await mkdir(folder);
  for (const name of FILES) writeFileSync(join(folder, name), files[name]);
  return readRun(folder);
}

/** A run as scaleplan stores it, without what names the machine and without readings that no prediction uses. */
function filesOf({ samples, steps, ...facts }: Run): Kept['lights'][number] {
  const { ratePerSec, meanRatePerSec, users, dataRows, requestShares } = facts.configuration;
  const bare = {
    ...facts, environment: {}, configuration: { ratePerSec, meanRatePerSec, users, dataRows, requestShares },
    plan: { ...facts.plan, file: `thresholds/${facts.plan.id}.yaml` }, target: { ...facts.target, url: 'http://127.0.0.1' },
    steps: steps.map(({ intervals: _, ...step }) => ({ ...step, scenario: basename(step.scenario) })),
  };
  const lines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  return {
    'run.json': JSON.stringify({ formatVersion: facts.formatVersion, facts: bare }),
    'intervals.ndjson': lines(steps.flatMap(({ intervals }, step) => intervals.map((interval) => ({ step, ...interval })))),
    'samples.ndjson': lines(samples.filter(({ metric }) => METRICS.test(metric))),
  };
}
