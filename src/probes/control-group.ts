import { parseFields, readIfThere } from './linux-proc.ts';

/** The files in which a control group keeps its figures; null where this system has none of them. */
export interface GroupFiles {
  readonly cpu: string | null;
  /** Of version 1 throttled time is in nanoseconds, of version 2 in microseconds: the name of the field tells. */
  readonly memory: { readonly usage: string; readonly limit: string; readonly statistics: string } | null;
}

/** What a control group tells: counters since it was made, and memory at this moment. NaN for what it does not tell. */
export interface GroupFigures {
  readonly periods: number;
  readonly throttled: number;
  readonly throttledSeconds: number;
  /** Memory that cannot be given back, of the limit; null without a limit. */
  readonly memoryShare: number | null;
}

/** Version 1 writes "no limit" as the largest whole page; no machine has an exabyte. */
const NO_LIMIT_BYTES = 1e18;

/** Finds our own group, of either version, by what stands in /proc/self/cgroup; the first folder with the files is right. */
export async function findGroup(cgroup: string, root = '/sys/fs/cgroup'): Promise<GroupFiles> {
  const cpu = await firstWith(foldersOf(cgroup, 'cpu', root).map((folder) => `${folder}/cpu.stat`), 'nr_throttled');
  for (const folder of foldersOf(cgroup, 'memory', root)) {
    const modern = { usage: `${folder}/memory.current`, limit: `${folder}/memory.max`, statistics: `${folder}/memory.stat` };
    if (await readIfThere(modern.usage) !== null) return { cpu, memory: modern };
    const old = { usage: `${folder}/memory.usage_in_bytes`, limit: `${folder}/memory.limit_in_bytes`, statistics: `${folder}/memory.stat` };
    if (await readIfThere(old.usage) !== null) return { cpu, memory: old };
  }
  return { cpu, memory: null };
}

export async function readGroup({ cpu, memory }: GroupFiles): Promise<GroupFigures> {
  const [time, usage, limit, statistics] = await Promise.all([cpu, memory?.usage, memory?.limit, memory?.statistics]
    .map(async (file) => (typeof file === 'string' ? await readIfThere(file) ?? '' : '')));
  const fields = parseFields(time ?? '');
  const of = (name: string): number => fields.get(name) ?? Number.NaN;
  return {
    periods: of('nr_periods'),
    throttled: of('nr_throttled'),
    throttledSeconds: fields.has('throttled_usec') ? of('throttled_usec') / 1e6 : of('throttled_time') / 1e9,
    memoryShare: memoryShare(usage ?? '', limit ?? '', statistics ?? ''),
  };
}

/** The working set, as Kubernetes counts it: without the pages of files that have not been used for a while. */
function memoryShare(usage: string, limit: string, statistics: string): number | null {
  const [used, most] = [Number.parseInt(usage, 10), Number.parseInt(limit, 10)];
  if (Number.isNaN(used) || Number.isNaN(most) || most <= 0 || most >= NO_LIMIT_BYTES) return null;
  const fields = parseFields(statistics);
  const inactive = fields.get('total_inactive_file') ?? fields.get('inactive_file') ?? 0;
  return Math.max(0, used - inactive) / most;
}

/** In a container the path is that of the host, and the group itself is mounted at the root. */
function foldersOf(cgroup: string, controller: string, root: string): string[] {
  return cgroup.trim().split('\n').flatMap((line) => {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    const folders = path === '/' || path === '' ? [''] : [path, ''];
    if (controllers === '') return folders.map((folder) => `${root}${folder}`);
    if (!controllers.split(',').includes(controller)) return [];
    return [`${root}/${controllers}`, `${root}/${controller}`].flatMap((mount) => folders.map((folder) => `${mount}${folder}`));
  });
}

/** The root group has no limit, and so not the field. */
async function firstWith(files: readonly string[], field: string): Promise<string | null> {
  for (const file of files) if ((await readIfThere(file))?.includes(field) === true) return file;
  return null;
}
