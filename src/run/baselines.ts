import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ScaleplanError } from '../errors.ts';

const FILE = 'baselines.json';

/** A name for the runs that others are held against. */
const baseline = z.object({ runs: z.array(z.string().min(1)).min(1), setAt: z.string() });
const file = z.object({ formatVersion: z.literal(1), baselines: z.record(z.string(), baseline) });
export type Baseline = z.infer<typeof baseline>;

/** The named baselines of a folder of runs. Throws `run-not-readable`. */
export function readBaselines(output: string): Readonly<Record<string, Baseline>> {
  const path = join(output, FILE);
  if (!existsSync(path)) return {};
  try {
    return file.parse(JSON.parse(readFileSync(path, 'utf8'))).baselines;
  } catch (cause) {
    throw new ScaleplanError('run-not-readable', `${path} is no list of baselines.`, { hint: 'Delete it and set them again: scaleplan baseline set <name> <run>.', cause });
  }
}

/** Names these folders of `output`; a name that exists moves on. Throws `wrong-usage`, `output-not-writable`. */
export function setBaseline(output: string, name: string, folders: readonly string[], nowMs: number): Baseline {
  if (!/^[\w.-]+$/.test(name)) throw new ScaleplanError('wrong-usage', `"${name}" is no name for a baseline.`, { hint: 'Letters, digits, ".", "_" and "-" only: main, v2.3.' });
  const set = { runs: [...folders], setAt: new Date(nowMs).toISOString() };
  const path = join(output, FILE);
  const text = `${JSON.stringify({ formatVersion: 1, baselines: { ...readBaselines(output), [name]: set } }, null, 2)}\n`;
  try {
    // Whole or not at all: two jobs of a CI may set at the same time.
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  } catch (cause) {
    throw new ScaleplanError('output-not-writable', `Cannot write ${path}.`, { hint: 'Name a writable folder of runs: --output <dir>.', cause });
  }
  return set;
}
