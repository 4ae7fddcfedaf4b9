import { ScaleplanError } from '../../errors.ts';
import type { EngineLoad } from '../engine.ts';
import { refuseUnsupported } from '../../scenario/refuse-unsupported.ts';
import { compileScenario, type Compiled } from './compile.ts';

/** Looks whether k6 can do what is asked, and gives what its script is made of; null for a script that is k6's own. Throws `engine-cannot` or `wrong-scenario`. */
export function prepareK6(load: EngineLoad): Compiled | null {
  const { shape, scenario, target, endpoint } = load;
  refuseUnsupported(scenario, 'k6');
  if (shape.stages.length === 0) throw new ScaleplanError('engine-cannot', 'The load has no stages.', { hint: 'Give it a duration and a rate or a number of users.' });
  if (shape.model === 'open') {
    if (!shape.stages.some(({ arrivalsPerSec: { from, to }, durationSeconds }) => durationSeconds > 0 && from + to > 0)) {
      throw new ScaleplanError('wrong-usage', 'The load has no arrivals: k6 would do nothing.', { hint: 'Ask for a rate above 0.' });
    }
  } else {
    for (const { users, durationSeconds } of shape.stages) {
      if (Number.isInteger(users) && users >= 1 && durationSeconds > 0) continue;
      throw new ScaleplanError('engine-cannot', `k6 cannot make load with ${users} users for ${durationSeconds} s.`, { hint: 'It takes a whole number of users, at least one, and a time above zero.' });
    }
  }
  if (!URL.canParse(target) || !/^https?:$/.test(new URL(target).protocol)) {
    throw new ScaleplanError('engine-cannot', `k6 cannot put load on "${target}".`, { hint: 'The target is a URL that begins with http:// or https://.' });
  }
  if (scenario.native === null) return compileScenario(load);
  if (endpoint !== null) {
    throw new ScaleplanError('engine-cannot', `${scenario.file} is a k6 script: it runs whole, ${endpoint.step} cannot be measured alone.`, { hint: 'Use it in another suite than unit.' });
  }
  return null;
}
