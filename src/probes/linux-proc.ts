import { readFile } from 'node:fs/promises';

/** The text of a file of the kernel, or null where this kernel or container does not have it. */
export async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return null;
  }
}

/** CPU time of the host by state, in ticks of 1/100 s, and its online CPUs. */
export function parseCpu(stat: string): { busy: number; total: number; steal: number; cores: number } | null {
  const line = /^cpu +(.*)$/m.exec(stat)?.[1];
  if (line === undefined) return null;
  // guest and guest_nice, the last two, are already counted in user and nice.
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line.split(/\s+/).map(Number);
  const total = user + nice + system + idle + iowait + irq + softirq + steal;
  return { busy: total - idle - iowait, total, steal, cores: stat.match(/^cpu\d+ /gm)?.length ?? 0 };
}

/** Fields of `name value` or `name: value kB` lines, as they stand. */
export function parseFields(text: string): ReadonlyMap<string, number> {
  return new Map(text.split('\n').flatMap((line) => {
    const match = /^([\w()]+):?\s+(\d+)/.exec(line);
    return match === null ? [] : [[match[1] ?? '', Number(match[2])] as const];
  }));
}

/** Microseconds in which at least one task was stalled, since boot. */
export function parsePressure(text: string): number | null {
  const total = /^some .*total=(\d+)/m.exec(text)?.[1];
  return total === undefined ? null : Number(total);
}

/** Reads, milliseconds spent on them, and milliseconds with anything to do, for each whole device; partitions would be counted twice. */
export function parseDisks(text: string): ReadonlyMap<string, { reads: number; readMs: number; busyMs: number }> {
  return new Map(text.split('\n').flatMap((line) => {
    const [, , device = '', reads = '', , , readMs = '', , , , , , busyMs = ''] = line.trim().split(/\s+/);
    const isPart = /^(loop|ram|zram|dm-)|^(sd|vd|xvd|hd)[a-z]+\d+$|^(nvme\d+n\d+|mmcblk\d+)p\d+$/.test(device);
    return device === '' || isPart ? [] : [[device, { reads: Number(reads), readMs: Number(readMs), busyMs: Number(busyMs) }] as const];
  }));
}

/** One line of names, one of figures, both headed by the protocol. */
export function parseTcp(snmp: string): { out: number; again: number } | null {
  const [names, figures] = snmp.split('\n').filter((line) => line.startsWith('Tcp:')).map((line) => line.split(/\s+/));
  const figure = (name: string): number => Number(figures?.[names?.indexOf(name) ?? -1]);
  const tcp = { out: figure('OutSegs'), again: figure('RetransSegs') };
  return Number.isNaN(tcp.out + tcp.again) ? null : tcp;
}

/** Nanoseconds tasks were ready to run and waited for a CPU, of all CPUs together; null on kernels that do not count (CONFIG_SCHEDSTATS). */
export function parseRunQueue(schedstat: string): number | null {
  const waits = [...schedstat.matchAll(/^cpu\d+ (.*)$/gm)].map(([, figures = '']) => Number(figures.split(' ')[7]));
  return waits.length === 0 || waits.some(Number.isNaN) ? null : waits.reduce((sum, wait) => sum + wait, 0);
}

/** TCP sockets that hold a port: those in use and those that wait out their closing. */
export function parseSockets(sockstat: string): number | null {
  const [, inUse, closing] = /^TCP: inuse (\d+) .*?\btw (\d+)/m.exec(sockstat) ?? [];
  return inUse === undefined ? null : Number(inUse) + Number(closing);
}
