import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const PREFIX = 'scaleplan-';

/** Where a temporary folder called `name` goes, short of the random end that `mkdtemp` adds. */
export function tempFolderStem(name: string): string {
  return join(realpathSync(tmpdir()), `${PREFIX}${name}-`);
}

/** Whether a path is one that `makeTempFolder` could have made: nothing else is ever deleted by the reaper. */
export function isOurTempFolder(path: string): boolean {
  return dirname(path) === realpathSync(tmpdir()) && basename(path).startsWith(PREFIX);
}
