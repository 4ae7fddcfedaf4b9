import type { RunStep } from '../model/run.ts';
import type { Sample } from '../model/sample.ts';

/** At the lowest load of a search a host that was sized for more is mostly idle; three quarters busy, something else has it. */
const BUSY_PERCENT = 75;

/** A note where the host was busy before the search made it so: whatever breaks then, breaks on a busy machine. */
export function noteBusyHost(samples: readonly Sample[], { startedAtMs, endedAtMs }: Pick<RunStep, 'startedAtMs' | 'endedAtMs'>, say: string): string[] {
  const read = samples.filter(({ metric, atMs }) => metric === 'host.cpu' && atMs > startedAtMs && atMs <= endedAtMs).map(({ value }) => value);
  const mean = read.reduce((sum, value) => sum + value, 0) / read.length;
  if (read.length === 0 || mean < BUSY_PERCENT) return [];
  return [`The host’s CPU was ${Math.round(mean)} % in use at ${say} already, the lowest load that was tried: unless that was the target’s own work, something else ran on it, and the edge is that of a busy machine.`];
}
