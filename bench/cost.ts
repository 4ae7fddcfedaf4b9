/** What measuring costs: rates against the bare engines, artillery's CPU time, and scaleplan's own process. */
import { table as artilleryTable } from './artillery-cost.ts';
import { ownTable } from './own.ts';
import { rateTable } from './rate.ts';
import type { Table } from './table.ts';

export async function tables(): Promise<readonly Table[]> {
  return [await rateTable(), await artilleryTable(), await ownTable()];
}
