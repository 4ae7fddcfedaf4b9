import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** So many stay however long they have not been used: going back and forth between versions of scaleplan must not build each time. */
const KEPT = 3;
/** What somebody measured with this month may be measured with again. */
const UNUSED_DAYS = 30;
/** A folder of a build that never came to its end; the longest build is given up after twenty minutes. */
const UNFINISHED_DAYS = 1;
const DAY_MS = 86_400_000;

/** Notes that the build in this folder is about to run. A cache that cannot be written to is used all the same, and never cleared. */
export async function noteUse(folder: string, nowMs: number): Promise<void> {
  await utimes(folder, nowMs / 1000, nowMs / 1000).catch(() => {});
}

/**
 * Deletes builds of other versions that nobody has used for 30 days, but for the last three, and what broken builds left behind.
 * Every run notes its use before it starts, so none that is running is among them. Gives how many went.
 */
export async function pruneBuilds(current: string, nowMs: number): Promise<number> {
  const parent = dirname(current);
  const [name, key] = [basename(current), /-[0-9a-f]{12}/];
  const found = await Promise.all((await readdir(parent).catch(() => [])).map(async (entry) => ({ entry, usedMs: await timeOf(join(parent, entry)) })));
  const olderThan = (days: number) => ({ usedMs }: { readonly usedMs: number }): boolean => nowMs - usedMs > days * DAY_MS;
  const builds = found.filter(({ entry }) => entry !== name && /^v\d\S*-[0-9a-f]{12}$/.test(entry)).sort((a, b) => b.usedMs - a.usedMs);
  const unfinished = found.filter(({ entry }) => entry.startsWith('.v') && key.test(entry));
  const gone = [...builds.slice(KEPT - 1).filter(olderThan(UNUSED_DAYS)), ...unfinished.filter(olderThan(UNFINISHED_DAYS))];
  // One that cannot be deleted, as where it is being run on Windows, stays until the next time.
  const results = await Promise.allSettled(gone.map(({ entry }) => rm(join(parent, entry), { recursive: true })));
  return results.filter(({ status }) => status === 'fulfilled').length;
}

/** What cannot be looked at counts as used just now. */
async function timeOf(path: string): Promise<number> {
  return stat(path).then(({ mtimeMs }) => mtimeMs, () => Infinity);
}
