import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReaperOrder } from './reaper.ts';
import { startTime } from './start-time.ts';
import { isOurTempFolder } from './temp-folder-name.ts';

/** Enough for a database to write its last page; all of it must be over 5 s after the command died. */
const GRACE_MS = 3_000;
const POLL_MS = 50;

interface Group {
  readonly pid: number;
  readonly start: string | null;
  readonly signal: 'SIGINT' | 'SIGTERM';
}

const groups = new Map<number, Group>();
const folders = new Set<string>();

process.title = 'scaleplan-reaper';
// Asked to end, it still has its work before it: the broken pipe is what ends it.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {});

for await (const line of createInterface({ input: process.stdin })) obey(JSON.parse(line));
await stopGroups([...groups.values()].reverse());
for (const path of [...folders].reverse()) await deleteFolder(path);

function obey(order: ReaperOrder): void {
  if ('add' in order) {
    if (order.add === 'folder') folders.add(order.path);
    else groups.set(order.pid, { pid: order.pid, start: order.start ?? startTime(order.pid), signal: order.signal });
  } else if (order.drop === 'folder') folders.delete(order.path);
  else groups.delete(order.pid);
}

/** Newest first, as everything that was started is stopped. */
async function stopGroups(all: readonly Group[]): Promise<void> {
  const ours = all.filter((group) => group.start === null || !isStranger(group));
  for (const group of ours) signalGroup(group.pid, group.signal);
  for (let waitedMs = 0; waitedMs < GRACE_MS && ours.some((group) => lives(group.pid)); waitedMs += POLL_MS) await sleep(POLL_MS);
  for (const group of ours) if (lives(group.pid)) signalGroup(group.pid, 'SIGKILL');
}

/**
 * A group outlives its leader while members of it live, and its number is not given away before the last one ended:
 * only another living process under that number shows that it was recycled.
 */
function isStranger(group: Group): boolean {
  const now = startTime(group.pid);
  return now !== null && now !== group.start;
}

function lives(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

function signalGroup(pid: number, signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}

async function deleteFolder(path: string): Promise<void> {
  if (!isOurTempFolder(path)) return;
  // A server killed a moment ago may still be writing into it.
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }).catch(() => {});
}
