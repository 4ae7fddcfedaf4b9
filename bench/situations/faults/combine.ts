import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../situation.ts';
import type { System } from '../system.ts';

/** Grows from a tenth to the whole of it in so many seconds. */
export function creeping(seconds: number, apply: (system: System, share: number) => void | Promise<void>): Fault {
  return async (system) => {
    const stopping = new AbortController();
    const growing = (async () => {
      for (let step = 1; step <= 10 && !stopping.signal.aborted; step += 1) {
        await apply(system, step / 10);
        await sleep(100 * seconds, null, { signal: stopping.signal }).catch(() => {});
      }
    })();
    return async () => {
      stopping.abort();
      await growing;
      await apply(system, 0);
    };
  };
}

/** Several at once, or one after the other. */
export function together(...faults: readonly Fault[]): Fault {
  return async (system) => {
    const undos: (() => Promise<void>)[] = [];
    for (const fault of faults) undos.push(await fault(system));
    return async () => {
      for (const undo of undos.toReversed()) await undo();
    };
  };
}

export function later(seconds: number, fault: Fault): Fault {
  return async (system) => {
    const stopping = new AbortController();
    const undos: (() => Promise<void>)[] = [];
    const waiting = sleep(1000 * seconds, null, { signal: stopping.signal }).then(async () => void undos.push(await fault(system)), () => {});
    return async () => {
      stopping.abort();
      await waiting;
      for (const undo of undos) await undo();
    };
  };
}
