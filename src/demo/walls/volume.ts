import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError } from '../app/http-error.ts';

/** Longer than people wait for an answer that is good, shorter than a client's patience. */
const PATIENCE_MS = 7000;

/** What files are read from. */
export interface Volume {
  /** Reads when it is this one's turn. Throws HttpError 503 when its turn does not come in time. */
  read<T>(take: () => Promise<T>): Promise<T>;
}

/** The machine's own disk. */
export const OWN_DISK: Volume = { read: (take) => take() };

/**
 * A volume that reads one file at a time and is busy with it for `readMs`, as a network volume without credit left is: at most
 * 1000 ÷ `readMs` files a second. The file is really read; what is added is a wait, no work.
 */
export function slowVolume(readMs: number): Volume {
  let last: Promise<unknown> = Promise.resolve();

  async function turn<T>(take: () => Promise<T>, askedAtMs: number): Promise<T> {
    const startedAtMs = performance.now();
    if (startedAtMs - askedAtMs > PATIENCE_MS) throw new HttpError(503, 'the files did not answer in time');
    const taken = await take();
    await sleep(Math.max(0, startedAtMs + readMs - performance.now()));
    return taken;
  }

  return {
    read(take) {
      const askedAtMs = performance.now();
      const mine = last.then(() => turn(take, askedAtMs));
      last = mine.catch(() => {});
      return mine;
    },
  };
}
