import { deal } from '../../deal.ts';
import type { Script } from './artillery.ts';

/**
 * Every worker of artillery goes through the whole payload by itself, so that with `order: sequence` two users would get the same row.
 * Dealt out like cards instead, each row comes once before any is repeated. Arrivals that are counted are made by the first worker
 * alone, which then keeps all rows.
 */
export function divideRows({ config }: Script, worker: number, of: number): void {
  const isSpread = (config.phases ?? []).some(({ arrivalRate }) => arrivalRate !== undefined);
  if (of < 2 || !isSpread) return;
  for (const payload of config.payload ?? []) {
    const rows = payload.data;
    // In place: artillery's runner holds the same object.
    if (payload.order === 'sequence' && rows !== undefined && rows.length > 0) payload.data = deal(rows, worker - 1, of);
  }
}
