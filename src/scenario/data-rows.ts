import { readFile } from 'node:fs/promises';
import type { Scenario } from '../model/scenario.ts';

/** How many different rows of data the virtual users are handed: who they can be. Of several files the longest counts; null without any. */
export async function countDataRows({ payloads }: Scenario): Promise<number | null> {
  const counts = await Promise.all(payloads.map(async ({ file, skipHeader }) => {
    const lines = (await readFile(file, 'utf8')).split(/\r?\n/).filter((line) => line !== '');
    return new Set(skipHeader ? lines.slice(1) : lines).size;
  }));
  return counts.length === 0 ? null : Math.max(...counts);
}
