import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Between two locks others get a moment, as between the batches of a maintenance job. */
const PAUSE_MS = 200;

/**
 * A maintenance job that locks a table again and again, for so long each time: everybody who reads it waits. Ends with `stop`.
 * The table's name is the caller's own.
 */
export async function holdLock(databaseUrl: string, table: string, heldMs: number): Promise<{ stop(): Promise<void> }> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'maintenance' });
  // Its connection ends with the server at the latest.
  client.on('error', () => {});
  await client.connect();
  const stopping = new AbortController();
  const working = work();
  return {
    async stop() {
      stopping.abort();
      await working;
      await client.end().catch(() => {});
    },
  };

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await client.query('begin');
        await client.query(`lock table ${table} in access exclusive mode`);
        await sleep(heldMs, undefined, { signal: stopping.signal }).catch(() => {});
        await client.query('commit');
      } catch {
        return;
      }
      await sleep(PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }
}
