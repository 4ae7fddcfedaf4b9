/** What measuring costs: rates against the bare engines, artillery's CPU time, and scaleplan's own process. */
import { artilleryTable } from './artillery-cost.ts';
import { ownTable } from './own.ts';
import { rateTable } from './rate.ts';
import type { Table } from './table.ts';

/** Each piece is a part of `rate autocannon`, `rate k6`, `artillery light`, `artillery flat out` or `own`; `more` adds pairs to those made before. */
export async function tables(pieces: readonly string[]): Promise<readonly Table[]> {
  return [await rateTable(pieces), await artilleryTable(pieces), await ownTable(pieces)];
}
