import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { kill, pid } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ScaleplanError } from '../../errors.ts';

const LOOK_AGAIN_MS = 250;
/** A build takes minutes on a small machine; whoever holds the lock longer is not building. */
const PATIENCE_MS = 20 * 60_000;

/** Holds a file by creating it; waits while another living process has it, and takes it over from a dead one. */
export async function lockInstall(file: string, onWait: () => void, signal: AbortSignal): Promise<AsyncDisposable> {
  await mkdir(dirname(file), { recursive: true }).catch(() => {});
  const untilMs = performance.now() + PATIENCE_MS;
  for (let isFirst = true; performance.now() < untilMs; isFirst = false) {
    if (await create(file)) return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
    if (await isLeftBehind(file)) {
      await rm(file, { force: true });
      continue;
    }
    if (isFirst) onWait();
    await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {
      throw new ScaleplanError('engine-missing', 'The build of k6 was interrupted.');
    });
  }
  throw new ScaleplanError('engine-missing', `Another build of k6 has held ${file} for ${PATIENCE_MS / 60_000} minutes.`, { hint: 'If none is running, delete that file and run it again.' });
}

async function create(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(String(pid));
    await handle.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw new ScaleplanError('engine-missing', `k6 cannot be kept in ${dirname(file)}: it cannot be written to.`, { hint: 'Name another folder in XDG_CACHE_HOME.', cause: error });
  }
}

async function isLeftBehind(file: string): Promise<boolean> {
  const holder = Number(await readFile(file, 'utf8').catch(() => ''));
  // Empty: just being written, or just gone.
  if (!Number.isInteger(holder) || holder <= 0) return false;
  try {
    kill(holder, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
