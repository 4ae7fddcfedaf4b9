import type { Interval } from '../model/interval.ts';
import type { RunStep } from '../model/run.ts';
import type { Sample } from '../model/sample.ts';

/** The generator is a probe of itself: what each second of its load says of its own event loop. artillery keeps its loop busy even at rest, so how busy it is says nothing there. */
export function generatorSamples(engine: RunStep['engine'], { startedAtMs, generator }: Interval): Sample[] {
  const reading = (metric: 'generator.loop_lag' | 'generator.loop_utilization', value: number): Sample[] => (Number.isFinite(value) ? [{ atMs: startedAtMs, probe: 'generator', metric, value }] : []);
  return [
    ...reading('generator.loop_lag', generator.loopLagMs),
    ...(engine === 'artillery' ? [] : reading('generator.loop_utilization', 100 * generator.loopUtilization)),
  ];
}
