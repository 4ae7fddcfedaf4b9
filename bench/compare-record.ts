/** Makes sets of runs, one of each version in turn. `node bench/compare-record.ts [sets]` adds them to those that the repository carries. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scaleplan, startServer, type StartedServer } from './compare-programs.ts';
import { addSet, readSets, VERSIONS, type Version } from './compare-recorded.ts';

/** Long enough for 500 requests of each journey, which its 99th percentile needs. */
export const RUN_SECONDS = 13;
/** No version is always the first, nor always beside the same one. */
const ORDERS: readonly (readonly Version[])[] = [['base', 'twin', 'slower'], ['slower', 'twin', 'base'], ['twin', 'slower', 'base'], ['base', 'slower', 'twin'], ['slower', 'base', 'twin'], ['twin', 'base', 'slower']];

if (import.meta.main) await addSets(Number(process.argv[2] ?? 1));

/** Adds so many sets to a file, each kept as soon as it is made. */
export async function addSets(count: number, file?: string): Promise<void> {
  const servers: Readonly<Record<Version, StartedServer>> = { base: await startServer(1), twin: await startServer(1), slower: await startServer(1.1) };
  try {
    const before = (await readSets(file)).length;
    for (let at = 0; at < count; at += 1) {
      const { sets, bytes } = await addOne(servers, ORDERS[(before + at) % ORDERS.length] ?? VERSIONS, file);
      console.error(`${sets} sets, ${bytes} bytes`);
    }
  } finally {
    for (const { stop } of Object.values(servers)) stop();
  }
}

async function addOne(servers: Readonly<Record<Version, StartedServer>>, order: readonly Version[], file?: string): Promise<ReturnType<typeof addSet>> {
  const folder = mkdtempSync(join(tmpdir(), 'scaleplan-bench-'));
  const made: Record<Version, string> = { base: '', twin: '', slower: '' };
  try {
    for (const version of order) {
      const output = join(folder, version);
      const { code } = await scaleplan(['test', '--target', servers[version].url, '--duration', `${RUN_SECONDS}s`, '--output', output, '--reporter', 'csv'], folder);
      const [run] = readdirSync(output);
      // Invalid runs prove nothing: a user would be told so, and make it again.
      if (code === 3 || run === undefined) throw new Error(`the run of ${version} ended with ${code}`);
      made[version] = join(output, run);
    }
    return addSet(made, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
