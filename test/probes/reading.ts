import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenProbe, Probe, Reading } from '../../src/probes/probe.ts';

/** Opens a probe that is closed when the test ends. */
export async function openProbe(t: TestContext, open: OpenProbe, address: string, metricNames: Readonly<Record<string, string>> = {}): Promise<Probe> {
  const probe = open({ address, timeoutMs: 2000, metricNames });
  t.after(() => probe.close());
  await probe.open(AbortSignal.timeout(5000));
  return probe;
}

/** What the probe reads of the time in which `work` was done. */
export async function readTwice(probe: Probe, work: () => Promise<unknown>): Promise<Partial<Record<string, number>>> {
  await probe.read(0, AbortSignal.timeout(2000));
  const startedMs = performance.now();
  await work();
  // Rates need a span that can be measured.
  await sleep(Math.max(0, 100 - (performance.now() - startedMs)));
  return byMetric(await probe.read((performance.now() - startedMs) / 1000, AbortSignal.timeout(2000)));
}

export function byMetric(readings: readonly Reading[]): Partial<Record<string, number>> {
  return Object.fromEntries(readings.map(({ metric, value }) => [metric, value]));
}
