import { readdirSync, readFileSync } from 'node:fs';
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

/**
 * Read at once rather than by turns: what is told from memory is there within microseconds, and the way through the pool of threads, file by
 * file, took more of the CPU than all else on the page.
 */
export function readProcessFacts(): ProcessFacts {
  const memory = process.memoryUsage();
  const usage = process.resourceUsage();
  const maps = text('/proc/self/maps');
  return {
    activeBytes: memory.heapTotal + memory.external,
    allocatedBytes: memory.heapUsed + memory.external,
    metadataBytes: getHeapStatistics().malloced_memory,
    residentBytes: memory.rss,
    retainedBytes: memory.heapTotal - memory.heapUsed,
    threads: number(text('/proc/self/status'), /^Threads:\s+(\d+)/m),
    openMmaps: maps === null ? null : maps.split('\n').length - 1,
    ...limits(),
    openFds: openFiles(),
    minorFaults: usage.minorPageFault,
    majorFaults: usage.majorPageFault,
  };
}

type Limits = Pick<ProcessFacts, 'maxMmaps' | 'maxFds'>;
let known: Limits | null = null;

/** They stay as they are while the process lives. */
function limits(): Limits {
  known ??= {
    maxMmaps: number(text('/proc/sys/vm/max_map_count'), /^(\d+)/),
    maxFds: number(text('/proc/self/limits'), /^Max open files\s+(\d+)/m),
  };
  return known;
}

function openFiles(): number | null {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return null;
  }
}

function text(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function number(content: string | null, pattern: RegExp): number | null {
  const found = content?.match(pattern)?.[1];
  return found === undefined ? null : Number(found);
}
