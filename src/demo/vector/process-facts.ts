import { readdir, readFile } from 'node:fs/promises';
import { getHeapStatistics } from 'node:v8';

/** What the process says of itself; null where this system does not tell (everything from /proc is Linux only). */
export interface ProcessFacts {
  readonly activeBytes: number;
  readonly allocatedBytes: number;
  readonly metadataBytes: number;
  readonly residentBytes: number;
  readonly retainedBytes: number;
  readonly threads: number | null;
  readonly openMmaps: number | null;
  readonly maxMmaps: number | null;
  readonly openFds: number | null;
  readonly maxFds: number | null;
  readonly minorFaults: number;
  readonly majorFaults: number;
}

export async function readProcessFacts(): Promise<ProcessFacts> {
  const memory = process.memoryUsage();
  const usage = process.resourceUsage();
  const [status, maps, maxMaps, limits, fds] = await Promise.all([
    text('/proc/self/status'), text('/proc/self/maps'), text('/proc/sys/vm/max_map_count'), text('/proc/self/limits'),
    readdir('/proc/self/fd').catch(() => null),
  ]);
  return {
    activeBytes: memory.heapTotal + memory.external,
    allocatedBytes: memory.heapUsed + memory.external,
    metadataBytes: getHeapStatistics().malloced_memory,
    residentBytes: memory.rss,
    retainedBytes: memory.heapTotal - memory.heapUsed,
    threads: number(status, /^Threads:\s+(\d+)/m),
    openMmaps: maps === null ? null : maps.split('\n').length - 1,
    maxMmaps: number(maxMaps, /^(\d+)/),
    openFds: fds?.length ?? null,
    maxFds: number(limits, /^Max open files\s+(\d+)/m),
    minorFaults: usage.minorPageFault,
    majorFaults: usage.majorPageFault,
  };
}

function text(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}

function number(content: string | null, pattern: RegExp): number | null {
  const found = content?.match(pattern)?.[1];
  return found === undefined ? null : Number(found);
}
