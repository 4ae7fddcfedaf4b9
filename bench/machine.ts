import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { platform, versions } from 'node:process';

/** Of all CPUs together, in the same unit. */
export interface CpuTimes {
  readonly idle: number;
  readonly all: number;
}

export function cpuTimes(): CpuTimes {
  let [idle, all] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    all += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, all };
}

/** Share of the CPUs that was busy between the first and the last mark, 0 … 1, with whatever else was running. */
export function busyShare(marks: readonly CpuTimes[]): number {
  const [before, after] = [marks[0], marks.at(-1)];
  if (before === undefined || after === undefined || after.all === before.all) return Number.NaN;
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

/** What the figures stand on, in one line. */
export function describeMachine(): string {
  return `${nameMachine()}; load average ${loadavg().map((load) => load.toFixed(1)).join(' ')} at the end`;
}

/** What does not change from one moment to the next. */
export function nameMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU';
  return `${availableParallelism()} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform} ${release()}, Node ${versions.node}`;
}

/** CPU seconds, user and system, of a process and of the children it has waited for (Linux: fields 14 to 17 of `stat`, in 1/100 s). */
export async function cpuSeconds(pid: number | 'self', withChildren = true): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, withChildren ? 15 : 13).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}
