import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Gauge, Histogram } from 'prom-client';
import type { AppMetrics } from '../app/metrics.ts';
import { entrySchema, withGrant } from './entry.ts';
import type { Entry } from './entry.ts';
import type { StoreLayer } from './layer.ts';
import type { Volume } from './volume.ts';

const READ_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Listing 20,000 names takes some milliseconds: seldom enough not to be noticed. */
const COUNT_PERIOD_MS = 10_000;

/** A JSON file for each user. Reading it is timed as the application sees it, waiting for the volume included. */
export async function filesLayer(folder: string, volume: Volume, metrics: AppMetrics): Promise<StoreLayer> {
  const registers = [metrics.registry];
  const readSeconds = new Histogram({ name: 'file_read_duration_seconds', help: 'Time to read a file', buckets: READ_SECONDS, registers });
  const count = new Gauge({ name: 'files_count', help: 'Files the application keeps its state in', registers });
  const countFiles = async (): Promise<void> => count.set((await readdir(folder)).length);
  await countFiles();
  const timer = setInterval(() => void countFiles().catch(() => {}), COUNT_PERIOD_MS).unref();
  const writes = oneAtATime();

  async function find(userId: number): Promise<Entry | null> {
    const stop = readSeconds.startTimer();
    try {
      return entrySchema.parse(JSON.parse(await volume.read(() => readFile(fileOf(folder, userId), 'utf8'))));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    } finally {
      stop();
    }
  }
  return {
    name: 'files',
    find,
    grant: (userId, kind, id) => writes(userId, async () => {
      const entry = await find(userId);
      const granted = entry === null ? null : withGrant(entry, kind, id);
      if (granted !== null && granted !== entry) await write(folder, granted);
      return granted;
    }),
    replace: (entry) => writes(entry.userId, () => write(folder, entry)),
    async close() {
      clearInterval(timer);
    },
  };
}

function fileOf(folder: string, userId: number): string {
  return join(folder, `${userId}.json`);
}

/** By another name first: whoever reads meanwhile finds the old file or the new one, and never half of one. */
async function write(folder: string, entry: Entry): Promise<void> {
  const draft = join(folder, `.${entry.userId}-${randomUUID()}`);
  await writeFile(draft, JSON.stringify(entry));
  await rename(draft, fileOf(folder, entry.userId));
}

/** Two purchases of the same user at once must not both start from the file as it was. */
function oneAtATime(): <T>(userId: number, work: () => Promise<T>) => Promise<T> {
  const last = new Map<number, Promise<unknown>>();

  async function after<T>(before: Promise<unknown> | undefined, work: () => Promise<T>): Promise<T> {
    await before?.catch(() => {});
    return work();
  }
  return async (userId, work) => {
    const mine = after(last.get(userId), work);
    last.set(userId, mine);
    try {
      return await mine;
    } finally {
      if (last.get(userId) === mine) last.delete(userId);
    }
  };
}
