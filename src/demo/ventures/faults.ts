import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { holdLock } from '../app/hold-lock.ts';
import { all, entered, launchProcess } from '../processes.ts';
import type { Stop } from '../processes.ts';
import { SETTINGS_VARIABLE as RELAY_SETTINGS } from '../relay/settings.ts';
import type { DemoParts } from './bottlenecks.ts';

/** Two for each core of a small machine: with one, the application, which sleeps most of the time, is let in whenever it wakes up. */
const NEIGHBOURS = 4;
/** Below everybody else (nice), so that generator and servers keep the CPU they need; the application stands below its neighbours. */
const NEIGHBOUR_NICENESS = 5;
const APPLICATION_NICENESS = 17;

interface FaultRequest {
  readonly parts: DemoParts;
  readonly databaseUrl: string;
  readonly app: { readonly pid: number; readonly port: number };
  readonly logFolder: string;
}

/** What is wrong around the application rather than in it. Gives the port that clients use, and every process that was started. */
export async function startFaults({ parts, databaseUrl, app, logFolder }: FaultRequest, stops: Stop[]): Promise<{ port: number; pids: Readonly<Record<string, number>> }> {
  const pids: Record<string, number> = {};
  if (parts.lockHeldMs > 0) await entered(holdLock(databaseUrl, 'financial_entries', parts.lockHeldMs), stops);
  if (parts.crowded) {
    const names = Array.from({ length: NEIGHBOURS }, (_, index) => `neighbour-${index + 1}`);
    const neighbours = await all(names.map((name) => launchProcess({ name, entry: './neighbour/main', variable: 'NEIGHBOUR_SETTINGS', settings: {}, logFolder }, stops)));
    standBack(app.pid, APPLICATION_NICENESS);
    neighbours.forEach(({ pid }, index) => {
      standBack(pid, NEIGHBOUR_NICENESS);
      pids[names[index] ?? ''] = pid;
    });
  }
  if (parts.relayDelayMs === 0) return { port: app.port, pids };
  const relay = await launchProcess({ name: 'relay', entry: './relay/main', variable: RELAY_SETTINGS, settings: { port: app.port, delayMs: parts.relayDelayMs }, logFolder }, stops);
  return { port: relay.port, pids: { ...pids, relay: relay.pid } };
}

/** Where Linux groups processes by session, niceness holds within a session alone, and each process of ours has one of its own: the group is told, too. */
function standBack(pid: number, niceness: number): void {
  setPriority(pid, niceness);
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
  } catch {
    // A system that groups by something else, or not at all.
  }
}
