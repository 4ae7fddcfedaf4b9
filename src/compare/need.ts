import type { Need } from '../model/comparison.ts';
import { CONFIDENCE } from '../stats/binomial.ts';
import { studentQuantile } from '../stats/student.ts';
import type { Contrast, CountOutlook, NoiseOutlook } from './contrast.ts';

interface Open {
  readonly contrast: Contrast;
  /** Family-wise. */
  readonly level: number;
  /** Where a change begins to matter, on the scale of the change. */
  readonly limit: number;
  readonly wouldTell: (longer: ReturnType<CountOutlook['measuredFor']>) => boolean;
}

/** More runs than this a side nobody makes, nor runs so many times as long. */
const MOST = 200;

/** How many runs, or how much longer ones, would tell, if the change stays what it looks like. */
export function needOf(open: Open): Need {
  const { outlook } = open.contrast;
  return outlook.kind === 'counts' ? needOfCounts(outlook, open) : needInNoise(outlook, open);
}

/** Each look at a tenth more: so coarse an answer is as good as the guess that the share of errors stays. */
const STEP = 1.1;

/** Of counts it is the same whether there are more runs or longer ones. */
function needOfCounts({ runsPerSide, measuredFor }: CountOutlook, { wouldTell }: Open): Need {
  for (let times = STEP; times <= MOST; times *= STEP) {
    if (wouldTell(measuredFor(times))) return { runsPerSide: runsPerSide === null ? null : atMost(Math.max(Math.ceil(runsPerSide * times), Math.ceil(runsPerSide) + 1)), timesAsLong: tenths(times) };
  }
  return { runsPerSide: null, timesAsLong: null };
}

function needInNoise(outlook: NoiseOutlook, { contrast: { change, freedom }, level, limit }: Open): Need {
  const size = Math.abs(change.mid);
  // Towards “same” the bound has to come inside the limit; towards “worse” it has to leave 0. The family's charge is not known beforehand: half its tests are assumed independent.
  const isLarge = size >= limit;
  const distance = isLarge ? size : limit - size;
  const reach = studentQuantile(isLarge ? 1 - level / 2 : CONFIDENCE, Math.max(8, freedom));
  const factor = ((reach * outlook.standardError) / distance) ** 2;
  const runs = outlook.runsPerSide === null ? Infinity : Math.max(Math.ceil(outlook.runsPerSide * factor), Math.ceil(outlook.runsPerSide) + 1);
  // Only the scatter within the runs shrinks when they get longer; what lies between them stays.
  const left = 1 / factor - (1 - outlook.withinShare);
  const times = left > 0 ? outlook.withinShare / left : Infinity;
  return { runsPerSide: atMost(runs), timesAsLong: times <= MOST ? Math.max(STEP, tenths(times)) : null };
}

function atMost(runs: number): number | null {
  return runs <= MOST ? runs : null;
}

function tenths(times: number): number {
  return Math.ceil(times * 10) / 10;
}
