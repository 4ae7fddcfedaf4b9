import { existsSync, rmdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { assertWritable } from '../run/store.ts';
import { failedBy, ok, warn, type Finding } from './finding.ts';

/** A run of an hour with a dozen endpoints and a few probes takes some 50 MB, page and all; four of them must fit. */
const LEAST_FREE_BYTES = 200e6;

/** Can runs be written there, and is there room for them? Leaves no folder behind that was not there. */
export async function checkOutput(output: string): Promise<Finding> {
  const missing = missingFolders(output);
  try {
    assertWritable(output);
    const { bavail, bsize } = await statfs(output);
    const free = bavail * bsize;
    const detail = `${output} can be written, ${(free / 1e9).toFixed(1)} GB free`;
    return free < LEAST_FREE_BYTES ? warn('output', detail, 'A long run may not fit. Name another folder: --output <dir>.') : ok('output', detail);
  } catch (error) {
    return failedBy('output', error);
  } finally {
    removeEmpty(missing);
  }
}

/** The folder and those above it that are not there, the deepest first. */
function missingFolders(folder: string): string[] {
  return existsSync(folder) || dirname(folder) === folder ? [] : [folder, ...missingFolders(dirname(folder))];
}

function removeEmpty(folders: readonly string[]): void {
  try {
    for (const folder of folders) rmdirSync(folder);
  } catch {
    // It was never made, or somebody has put something into it: then it is theirs.
  }
}
