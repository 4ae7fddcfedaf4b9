import type { StressFacts } from '../model/run.ts';

/** `69.1/s`, `12 users`, in a sentence of a search. */
export function sayLoad(load: number, by: StressFacts['by']): string {
  return by === 'rate' ? `${Number(load.toPrecision(3))}/s` : `${Math.round(load)} users`;
}
