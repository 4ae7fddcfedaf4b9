import { requestMix } from '../load/request-mix.ts';
import { countDataRows } from '../scenario/data-rows.ts';
import type { PlannedStep } from './steps.ts';

/** What the load suite asks for, where it has a scenario that can be read: as it came, by chance, is in the steps. */
export interface AskedMix {
  /** Share of all requests by `journey/step`. */
  readonly requestShares?: Readonly<Record<string, number>>;
  /** How many different users the data holds. */
  readonly dataRows?: number;
}

export async function askedOf(steps: readonly PlannedStep[]): Promise<AskedMix> {
  const scenario = steps.find(({ suite }) => suite === 'load')?.scenario;
  if (scenario === undefined || scenario.journeys.length === 0) return {};
  const shares = Object.entries(requestMix(scenario.journeys).shares).filter(([key]) => /^[^/]+\//.test(key));
  const dataRows = await countDataRows(scenario);
  return { requestShares: Object.fromEntries(shares), ...(dataRows === null ? {} : { dataRows }) };
}
