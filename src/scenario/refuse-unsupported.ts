import type { EngineName } from '../model/plan.ts';
import type { Scenario } from '../model/scenario.ts';
import { ScaleplanError } from '../errors.ts';
import { faultsError } from '../yaml/check.ts';

/**
 * Throws `engine-cannot`, with a line `file:line:col  …` for each, when a scenario holds what only artillery understands
 * and another engine is to run it: left out silently, it would be another load under the same name.
 */
export function refuseUnsupported(scenario: Scenario, engine: EngineName): void {
  if (scenario.native !== null && scenario.native.engine !== engine) {
    throw new ScaleplanError('engine-cannot', `${scenario.file}: ${scenario.native.reason}, which ${engine} cannot run`, { hint: `Use ${scenario.native.engine} for this scenario.` });
  }
  const { unsupported = [] } = scenario;
  if (engine === 'artillery' || unsupported.length === 0) return;
  const all = faultsError(unsupported.map(({ place, what }) => ({ place, message: `${engine} cannot express ${what}` })), 'engine-cannot');
  throw new ScaleplanError('engine-cannot', all.message, { hint: 'Use artillery for this scenario, or take these parts out.', ...(all.place === null ? {} : { place: all.place }) });
}
