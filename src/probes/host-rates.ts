import type { Growth } from './counters.ts';
import type { Reading } from './probe.ts';

/** Readings of the time between two ticks from the kernel's counters; a figure of which the source is missing comes out as NaN and is dropped. */
export function hostRates(growth: Growth<string>, names: readonly string[], cores: number): Reading[] {
  const { of, perSecond } = growth;
  const share = (part: string, whole: string): number => (of(whole) > 0 ? (100 * of(part)) / of(whole) : Number.NaN);
  return [
    { metric: 'host.cpu', value: share('busy', 'total') },
    { metric: 'host.steal', value: share('steal', 'total') },
    // Stalled microseconds of a second, as a percentage. The averages beside them cover ten seconds at least.
    { metric: 'host.cpu_pressure', value: perSecond('cpuStalled') / 1e4 },
    { metric: 'host.io_pressure', value: perSecond('ioStalled') / 1e4 },
    { metric: 'host.memory_pressure', value: perSecond('memoryStalled') / 1e4 },
    { metric: 'host.run_queue_wait', value: perSecond('runQueueNs') / 1e7 / cores },
    { metric: 'host.segments_out', value: perSecond('segments') },
    { metric: 'host.segments_retransmitted', value: perSecond('segmentsAgain') },
    { metric: 'host.oom_kills', value: perSecond('oomKills') },
    { metric: 'host.swap_in', value: perSecond('swappedIn') },
    { metric: 'host.major_faults', value: perSecond('majorFaults') },
    { metric: 'host.cpu_throttled', value: share('throttled', 'periods') },
    { metric: 'host.throttled_time', value: 100 * perSecond('throttledSeconds') },
    // Under 50 segments one sent again would look like a bad network.
    ...(of('segments') >= 50 ? [{ metric: 'host.network_retransmits', value: share('segmentsAgain', 'segments'), weight: of('segments') } as const] : []),
    ...disks(growth, names),
  ];
}

function disks({ of, perSecond }: Growth<string>, names: readonly string[]): Reading[] {
  const devices = names.filter((name) => name.startsWith('reads ')).map((name) => name.slice('reads '.length));
  const busiest = devices.toSorted((a, b) => of(`reads ${b}`) - of(`reads ${a}`))[0];
  if (busiest === undefined) return [];
  const reads = of(`reads ${busiest}`);
  return [
    { metric: 'host.disk_busy', value: Math.max(...devices.map((device) => perSecond(`busyMs ${device}`))) / 10 },
    ...(reads > 0 ? [{ metric: 'host.disk_read_time', value: of(`readMs ${busiest}`) / reads, weight: reads } as const] : []),
  ];
}
