import { platform } from 'node:os';
import { ScaleplanError } from '../errors.ts';
import { Counters } from './counters.ts';
import type { Growth } from './counters.ts';
import { parseCpu, parseDisks, parseFields, parsePressure, parseTcp, readIfThere, throttlingFiles } from './linux-proc.ts';
import type { OpenProbe, Probe, ProbeOptions, Reading } from './probe.ts';

/** Reads this host out of Linux's /proc: CPU, memory, stalls, disks, network. Under a millisecond, no privileges. */
export const hostProbe: OpenProbe = (options) => new HostProbe(options);

class HostProbe implements Probe {
  readonly kind = 'host';
  readonly #address: string;
  readonly #counters = new Counters<string>();
  #throttlingFile: string | null = null;

  constructor({ address }: ProbeOptions) {
    this.#address = address;
  }

  async open(): Promise<string> {
    if (this.#address !== 'local') throw refused(`the host "${this.#address}" is not this one`, 'Write host=local; other hosts are read through Prometheus.');
    if (platform() !== 'linux') throw refused(`the host can be read on Linux only, and this is ${platform()}`, 'Name a Prometheus with a node exporter instead.');
    const cpu = parseCpu(await readIfThere('/proc/stat') ?? '');
    if (cpu === null) throw refused('/proc/stat cannot be read', 'Is /proc mounted here?');
    this.#throttlingFile = await findThrottling();
    const pressure = await readIfThere('/proc/pressure/cpu') === null ? ', without pressure figures (PSI)' : '';
    return `this host, ${cpu.cores} CPUs${pressure}`;
  }

  async read(elapsedSeconds: number): Promise<readonly Reading[]> {
    if (elapsedSeconds === 0) this.#counters.reset();
    const atSeconds = performance.now() / 1000;
    const [stat, memory, snmp, disks, vm, throttling, ...pressures] = await Promise.all([
      '/proc/stat', '/proc/meminfo', '/proc/net/snmp', '/proc/diskstats', '/proc/vmstat', this.#throttlingFile ?? '',
      ...PRESSURES.map((name) => `/proc/pressure/${name}`),
    ].map(async (file) => await readIfThere(file) ?? ''));
    const counters = new Map<string, number>();
    const cpu = parseCpu(stat ?? '');
    if (cpu !== null) for (const name of ['busy', 'total', 'steal'] as const) counters.set(name, cpu[name]);
    const tcp = parseTcp(snmp ?? '');
    if (tcp !== null) counters.set('segments', tcp.out).set('segmentsAgain', tcp.again);
    for (const [device, { reads, readMs }] of parseDisks(disks ?? '')) counters.set(`reads ${device}`, reads).set(`readMs ${device}`, readMs);
    const kernel = parseFields(vm ?? '');
    for (const name of ['oom_kill', 'pswpin']) if (kernel.has(name)) counters.set(name, kernel.get(name) ?? 0);
    const group = parseFields(throttling ?? '');
    for (const name of ['nr_periods', 'nr_throttled']) if (group.has(name)) counters.set(name, group.get(name) ?? 0);
    PRESSURES.forEach((name, index) => {
      const stalled = parsePressure(pressures[index] ?? '');
      if (stalled !== null) counters.set(name, stalled);
    });
    const growth = this.#counters.advance(counters, atSeconds);
    return [
      ...memoryOf(parseFields(memory ?? '')),
      ...(cpu === null ? [] : [{ metric: 'host.cores', value: cpu.cores } as const]),
      ...(growth === null ? [] : ratesOf(growth, [...counters.keys()])),
    ];
  }

  async close(): Promise<void> {
    this.#counters.reset();
  }
}

const PRESSURES = ['cpu', 'io', 'memory'] as const;

async function findThrottling(): Promise<string | null> {
  for (const file of throttlingFiles(await readIfThere('/proc/self/cgroup') ?? '')) {
    // The root group has no limit, and so no such figures.
    if ((await readIfThere(file))?.includes('nr_throttled') === true) return file;
  }
  return null;
}

/** "Available", not "free": the page cache is given back when somebody needs it. */
function memoryOf(fields: ReadonlyMap<string, number>): Reading[] {
  const total = fields.get('MemTotal');
  const available = fields.get('MemAvailable');
  return total === undefined || available === undefined ? [] : [{ metric: 'host.memory', value: 100 * (1 - available / total) }];
}

/** A figure of which the source is missing comes out as NaN and is dropped. */
function ratesOf({ of, perSecond }: Growth<string>, names: readonly string[]): Reading[] {
  const share = (part: string, whole: string): number => (of(whole) > 0 ? (100 * of(part)) / of(whole) : Number.NaN);
  const busiest = names.filter((name) => name.startsWith('reads ')).map((name) => name.slice(6)).toSorted((a, b) => of(`reads ${b}`) - of(`reads ${a}`))[0];
  const reads = busiest === undefined ? 0 : of(`reads ${busiest}`);
  const readings: Reading[] = [
    { metric: 'host.cpu', value: share('busy', 'total') },
    { metric: 'host.steal', value: share('steal', 'total') },
    // Stalled microseconds of a second, as a percentage.
    { metric: 'host.cpu_pressure', value: perSecond('cpu') / 1e4 },
    { metric: 'host.io_pressure', value: perSecond('io') / 1e4 },
    { metric: 'host.memory_pressure', value: perSecond('memory') / 1e4 },
    { metric: 'host.segments_out', value: perSecond('segments') },
    { metric: 'host.segments_retransmitted', value: perSecond('segmentsAgain') },
    { metric: 'host.oom_kills', value: perSecond('oom_kill') },
    { metric: 'host.swap_in', value: perSecond('pswpin') },
    { metric: 'host.cpu_throttled', value: share('nr_throttled', 'nr_periods') },
  ];
  if (of('segments') >= 50) readings.push({ metric: 'host.network_retransmits', value: share('segmentsAgain', 'segments'), weight: of('segments') });
  if (reads > 0) readings.push({ metric: 'host.disk_read_time', value: of(`readMs ${busiest}`) / reads, weight: reads });
  return readings.filter(({ value }) => Number.isFinite(value));
}

function refused(message: string, hint: string): ScaleplanError {
  return new ScaleplanError('probe-refused', message, { hint });
}
