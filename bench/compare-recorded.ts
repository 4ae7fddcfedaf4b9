/** Runs of the bench's server that the repository carries, as scaleplan itself stores them; whatever reads old runs reads these. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { z } from 'zod';
import type { Run } from '../src/model/run.ts';
import { makeTempFolder } from '../src/process/temp-folder.ts';
import { readRun } from '../src/run/read.ts';

const RECORDED = join(import.meta.dirname, 'comparisons', 'sets.br');

export const VERSIONS = ['base', 'twin', 'slower'] as const;
/** `twin` is the same version as `base`; `slower` takes a tenth longer. */
export type Version = (typeof VERSIONS)[number];

const written = z.object({ facts: z.string(), intervals: z.string() });
/** One run of each version, made in turn. */
const set = z.object({ base: written, twin: written, slower: written });
const file = z.array(set);
type WrittenRun = z.infer<typeof written>;

export type RunSet = Readonly<Record<Version, Run>>;

/** Every set of a file, in the order they were made. */
export async function readSets(from: string = RECORDED): Promise<RunSet[]> {
  const folder = await makeTempFolder('comparisons');
  try {
    const sets: RunSet[] = [];
    for (const [at, one] of unpackFile(from).entries()) {
      const [base, twin, slower] = await Promise.all(VERSIONS.map((version) => unpack(join(folder.path, `${at}-${version}`), one[version])));
      if (base !== undefined && twin !== undefined && slower !== undefined) sets.push({ base, twin, slower });
    }
    return sets;
  } finally {
    await folder.dispose();
  }
}

/** Packs the folders of one set behind those there are. */
export function addSet(folders: Readonly<Record<Version, string>>, to: string = RECORDED): { readonly sets: number; readonly bytes: number } {
  const sets = [...unpackFile(to), { base: pack(folders.base), twin: pack(folders.twin), slower: pack(folders.slower) }];
  const text = JSON.stringify(sets);
  const packed = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } });
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, packed);
  return { sets: sets.length, bytes: packed.length };
}

function unpackFile(from: string): z.infer<typeof file> {
  return existsSync(from) ? file.parse(JSON.parse(brotliDecompressSync(readFileSync(from)).toString('utf8'))) : [];
}

async function unpack(folder: string, { facts, intervals }: WrittenRun): Promise<Run> {
  mkdirSync(folder);
  writeFileSync(join(folder, 'run.json'), facts);
  writeFileSync(join(folder, 'intervals.ndjson'), intervals);
  return readRun(folder);
}

const frame = z.looseObject({ formatVersion: z.number(), facts: z.looseObject({
  plan: z.looseObject({ id: z.string() }), steps: z.array(z.looseObject({ scenario: z.string() })), environment: z.looseObject({}), target: z.looseObject({}),
}) });
const line = z.looseObject({ rows: z.array(z.looseObject({ ttfb: z.unknown() })) });
const NOTHING = { counts: [], count: 0, minUs: 0, maxUs: 0, sumUs: 0 };

/** The facts without the report beside them, without paths and host; of the seconds all but the time to the first byte, which no comparison looks at. */
function pack(folder: string): WrittenRun {
  const { formatVersion, facts } = frame.parse(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')));
  const { host: _, ...environment } = facts.environment;
  const seconds = readFileSync(join(folder, 'intervals.ndjson'), 'utf8').trimEnd().split('\n').map((text) => line.parse(JSON.parse(text)));
  return {
    facts: JSON.stringify({ formatVersion, facts: {
      ...facts, environment, configuration: {}, plan: { ...facts.plan, file: `${facts.plan.id}.yaml` }, target: { ...facts.target, url: 'http://127.0.0.1' },
      steps: facts.steps.map((step) => ({ ...step, scenario: basename(step.scenario) })),
    } }),
    intervals: seconds.map((second) => JSON.stringify({ ...second, rows: second.rows.map((row) => ({ ...row, ttfb: NOTHING })) })).join('\n'),
  };
}
