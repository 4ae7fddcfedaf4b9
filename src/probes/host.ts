import { platform } from 'node:os';
import { ScaleplanError } from '../errors.ts';
import { findGroup, readGroup } from './control-group.ts';
import type { GroupFigures, GroupFiles } from './control-group.ts';
import { Counters } from './counters.ts';
import { hostRates } from './host-rates.ts';
import { parseCpu, parseDisks, parseFields, parsePressure, parseRunQueue, parseSockets, parseTcp, readIfThere } from './linux-proc.ts';
import type { OpenProbe, Probe, ProbeOptions, Reading, Shortfall } from './probe.ts';

/** Reads this host and our control group out of Linux's /proc and /sys: CPU, memory, stalls, disks, network, limits. A millisecond, no privileges. */
export const hostProbe: OpenProbe = (options) => new HostProbe(options);

const FILES = {
  stat: '/proc/stat', memory: '/proc/meminfo', snmp: '/proc/net/snmp', disks: '/proc/diskstats', vm: '/proc/vmstat', runQueue: '/proc/schedstat',
  sockets: '/proc/net/sockstat', openFiles: '/proc/sys/fs/file-nr', cpuPressure: '/proc/pressure/cpu', ioPressure: '/proc/pressure/io',
  memoryPressure: '/proc/pressure/memory',
} as const;
type Texts = Readonly<Record<keyof typeof FILES, string>>;

class HostProbe implements Probe {
  readonly kind = 'host';
  readonly #address: string;
  readonly #counters = new Counters<string>();
  #group: GroupFiles = { cpu: null, memory: null };
  #ports = Number.NaN;
  #seesPressure = true;

  constructor({ address }: ProbeOptions) {
    this.#address = address;
  }

  async open(): Promise<string> {
    if (this.#address !== 'local') throw refused(`the host "${this.#address}" is not this one`, 'Write host=local; other hosts are read through Prometheus.');
    if (platform() !== 'linux') throw refused(`the host can be read on Linux only, and this is ${platform()}`, 'Name a Prometheus with a node exporter instead.');
    const cpu = parseCpu(await readIfThere(FILES.stat) ?? '');
    if (cpu === null) throw refused('/proc/stat cannot be read', 'Is /proc mounted here?');
    this.#group = await findGroup(await readIfThere('/proc/self/cgroup') ?? '');
    const [lowest = Number.NaN, highest = Number.NaN] = (await readIfThere('/proc/sys/net/ipv4/ip_local_port_range') ?? '').trim().split(/\s+/).map(Number);
    this.#ports = highest - lowest + 1;
    this.#seesPressure = await readIfThere(FILES.cpuPressure) !== null;
    return `this host, ${cpu.cores} CPUs${this.#seesPressure ? '' : ', without pressure figures (PSI)'}`;
  }

  async read(elapsedSeconds: number): Promise<readonly Reading[]> {
    if (elapsedSeconds === 0) this.#counters.reset();
    const atSeconds = performance.now() / 1000;
    const [texts, group] = await Promise.all([readAll(), readGroup(this.#group)]);
    const counters = countersOf(texts, group);
    const growth = this.#counters.advance(counters, atSeconds);
    const cores = parseCpu(texts.stat)?.cores ?? Number.NaN;
    const readings = [...gaugesOf(texts, group, cores, this.#ports), ...(growth === null ? [] : hostRates(growth, [...counters.keys()], cores))];
    return readings.filter(({ value }) => Number.isFinite(value));
  }

  shortfalls(): readonly Shortfall[] {
    return this.#seesPressure ? [] : [{ what: 'pressure (PSI)', remedy: 'a kernel started with psi=1' }];
  }

  async close(): Promise<void> {
    this.#counters.reset();
  }
}

async function readAll(): Promise<Texts> {
  const entries = await Promise.all(Object.entries(FILES).map(async ([name, file]) => [name, await readIfThere(file) ?? ''] as const));
  return Object.fromEntries(entries) as Texts;
}

/** What only grows, under names of ours; what this kernel does not tell is not there. */
function countersOf(texts: Texts, group: GroupFigures): ReadonlyMap<string, number> {
  const cpu = parseCpu(texts.stat);
  const tcp = parseTcp(texts.snmp);
  const kernel = parseFields(texts.vm);
  const all: [name: string, value: number | null | undefined][] = [
    ['busy', cpu?.busy], ['total', cpu?.total], ['steal', cpu?.steal],
    ['segments', tcp?.out], ['segmentsAgain', tcp?.again],
    ['oomKills', kernel.get('oom_kill')], ['swappedIn', kernel.get('pswpin')], ['majorFaults', kernel.get('pgmajfault')],
    ['runQueueNs', parseRunQueue(texts.runQueue)],
    ['cpuStalled', parsePressure(texts.cpuPressure)], ['ioStalled', parsePressure(texts.ioPressure)], ['memoryStalled', parsePressure(texts.memoryPressure)],
    ['periods', group.periods], ['throttled', group.throttled], ['throttledSeconds', group.throttledSeconds],
    ...[...parseDisks(texts.disks)].flatMap(([device, { reads, readMs, busyMs }]): [string, number][] =>
      [[`reads ${device}`, reads], [`readMs ${device}`, readMs], [`busyMs ${device}`, busyMs]]),
  ];
  return new Map(all.flatMap(([name, value]) => (value === null || value === undefined || Number.isNaN(value) ? [] : [[name, value]])));
}

function gaugesOf(texts: Texts, group: GroupFigures, cores: number, ports: number): Reading[] {
  const memory = parseFields(texts.memory);
  const [open = Number.NaN, , most = Number.NaN] = texts.openFiles.trim().split(/\s+/).map(Number);
  return [
    { metric: 'host.cores', value: cores },
    // "Available", not "free": the page cache is given back when somebody needs it.
    { metric: 'host.memory', value: 100 * (1 - (memory.get('MemAvailable') ?? Number.NaN) / (memory.get('MemTotal') ?? Number.NaN)) },
    { metric: 'host.group_memory', value: 100 * (group.memoryShare ?? Number.NaN) },
    { metric: 'host.open_files', value: (100 * open) / most },
    { metric: 'host.ports_used', value: (100 * (parseSockets(texts.sockets) ?? Number.NaN)) / ports },
  ];
}

function refused(message: string, hint: string): ScaleplanError {
  return new ScaleplanError('probe-refused', message, { hint });
}
