import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { reaper } from './reaper.ts';
import { tempFolderStem } from './temp-folder-name.ts';

export interface TempFolder {
  readonly path: string;
  /** Deletes the folder and all in it; a second call does nothing. */
  dispose(): Promise<void>;
}

/** Makes a folder under the system's temporary folder that is gone when we are, even after SIGKILL. `name`: kebab-case. */
export async function makeTempFolder(name: string): Promise<TempFolder> {
  const path = await mkdtemp(tempFolderStem(name));
  reaper.addFolder(path);
  // To be passed through but not listed by others: a server that gave up root's rights must reach its data in it.
  await chmod(path, 0o711);
  return {
    path,
    async dispose() {
      await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      reaper.dropFolder(path);
    },
  };
}
