import { ScaleplanError } from '../../errors.ts';
import type { ClosedStage } from '../../model/load.ts';
import { refuseUnsupported } from '../../scenario/refuse-unsupported.ts';
import type { EngineLoad } from '../engine.ts';
import { compileProgram } from './program.ts';

/** Looks whether this engine can do what is asked, and gives the stages. Throws `engine-cannot` or `wrong-scenario`. */
export function prepareLoad(load: EngineLoad): readonly ClosedStage[] {
  const { shape, scenario } = load;
  if (shape.model === 'open') {
    throw new ScaleplanError('engine-cannot', 'autocannon cannot make load in the open model, where journeys start on schedule.', {
      hint: 'Its own rate option sends in bursts and corrects latencies wrongly. Use artillery or k6 for this step.',
    });
  }
  refuseUnsupported(scenario, 'autocannon');
  if (shape.stages.length === 0) throw new ScaleplanError('engine-cannot', 'The load has no stages.', { hint: 'Give it a duration and a number of users.' });
  for (const stage of shape.stages) {
    if (Number.isInteger(stage.users) && stage.users >= 1 && stage.durationSeconds > 0) continue;
    throw new ScaleplanError('engine-cannot', `autocannon cannot make load with ${stage.users} users for ${stage.durationSeconds} s.`, { hint: 'It takes a whole number of users, at least one, and a time above zero.' });
  }
  if (shape.stages.slice(0, -1).some(({ exactly }) => exactly !== undefined)) {
    throw new ScaleplanError('engine-cannot', 'Only the last stage may end early: seconds are matched to stages by their durations.', { hint: 'Let the stages before it last their time.' });
  }
  if (!URL.canParse(load.target) || !/^https?:$/.test(new URL(load.target).protocol)) {
    throw new ScaleplanError('engine-cannot', `autocannon cannot put load on "${load.target}".`, { hint: 'The target is a URL that begins with http:// or https://.' });
  }
  compileProgram({ ...load, defaultHeaders: scenario.defaultHeaders }, Math.random);
  return shape.stages;
}
