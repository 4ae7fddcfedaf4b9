import { statSync } from 'node:fs';
import { ScaleplanError } from '../../errors.ts';
import type { EngineLoad } from '../engine.ts';

/** Its phases come as one command line argument, which Linux limits to 128 KB; a phase takes about 45 bytes of it. */
const MOST_STAGES = 2000;

/** artillery reads a payload as one text, and in Node none is longer. */
const MOST_PAYLOAD_BYTES = 0x1fff_ffe8;

/** Throws `engine-cannot` or `wrong-scenario` for what artillery cannot do; scenario files it takes as they are. */
export function prepareArtillery({ shape, scenario, endpoint }: EngineLoad): void {
  if (shape.model === 'closed') {
    throw new ScaleplanError('engine-cannot', 'artillery makes arrivals (open model); it cannot hold a fixed number of users (closed model).', {
      hint: 'Choose autocannon or k6 for this step.',
    });
  }
  if (endpoint !== null) {
    throw new ScaleplanError('engine-cannot', `artillery runs journeys whole; it cannot measure ${endpoint.step} of ${endpoint.journey} alone.`, {
      hint: 'Choose autocannon for this step.',
    });
  }
  if (scenario.native !== null && scenario.native.engine !== 'artillery') {
    throw new ScaleplanError('engine-cannot', `${scenario.file} runs on ${scenario.native.engine} alone: ${scenario.native.reason}`, {
      hint: `Choose ${scenario.native.engine} for this step.`,
    });
  }
  for (const { file } of scenario.payloads) {
    const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes <= MOST_PAYLOAD_BYTES) continue;
    throw new ScaleplanError('engine-cannot', `artillery reads a payload as a whole, and ${file} has ${(bytes / 1e9).toFixed(1)} GB.`, {
      hint: 'Choose k6 or autocannon for this step, which leave it on the disk, or make it smaller than 0.5 GB.',
    });
  }
  if (shape.stages.length > MOST_STAGES) {
    throw new ScaleplanError('engine-cannot', `artillery cannot run ${shape.stages.length.toLocaleString('en-US')} stages.`, {
      hint: `It takes ${MOST_STAGES.toLocaleString('en-US')}: choose k6, or sum the traffic up to coarser steps.`,
    });
  }
  if (!shape.stages.some(({ arrivalsPerSec: { from, to }, durationSeconds }) => durationSeconds > 0 && from + to > 0)) {
    throw new ScaleplanError('wrong-usage', 'The load has no arrivals: artillery would end at once.', { hint: 'Ask for a rate above 0.' });
  }
}
