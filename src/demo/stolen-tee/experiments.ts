import pg from 'pg';
import type { DemoExperiment, StartedApplication } from '../application.ts';
import type { Supervised } from '../app/supervise.ts';
import { storageWait } from './seed.ts';

/** As long as the plan's document lets its database sleep. */
const DATABASE_DELAY_MS = 2000;

/** The experiments of the plan's document. */
export const SHOP_EXPERIMENTS: readonly DemoExperiment[] = [
  { id: 'kill-instance', what: 'an instance of the API is killed, and started again by the platform' },
  { id: 'database-latency', what: `every statement about products, orders and images sleeps ${DATABASE_DELAY_MS / 1000} s in the database` },
  { id: 'memory-leak', what: 'an instance of the API keeps an array of a million elements more every tenth of a second' },
];

/** Small enough for the leak to end its process within seconds, large enough for the shop. */
export const LEAKING_HEAP: readonly string[] = ['--max-old-space-size=512'];

interface Parts {
  /** Of the application's own role, which owns its tables. */
  readonly databaseUrl: string;
  readonly instance: Supervised;
}

export function experimentOf(id: string, { databaseUrl, instance }: Parts): NonNullable<StartedApplication['experiment']> {
  if (id === 'kill-instance') return { begin: () => instance.kill(), end: null };
  if (id === 'database-latency') return { begin: () => run(databaseUrl, slowed(DATABASE_DELAY_MS)), end: () => run(databaseUrl, RESTORED) };
  return leakIn(instance);
}

/** An instance that has died of it meanwhile is healthy again, or about to be: it must not be told a second time. */
function leakIn(instance: Supervised): NonNullable<StartedApplication['experiment']> {
  let leaking: number | null = null;
  const tell = (pid: number): boolean => process.kill(pid, 'SIGUSR2');
  return {
    begin: async () => {
      leaking = instance.pid();
      tell(leaking);
    },
    end: async () => {
      try {
        if (leaking !== null && leaking === instance.pid()) tell(leaking);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
      }
    },
  };
}

/** Reads wait in the function that all of them ask, writes in a trigger. */
function slowed(delayMs: number): string {
  const sleep = `create or replace function sleep_before_write() returns trigger language plpgsql as $$
    begin perform pg_sleep(${delayMs / 1000}); return new; end $$;`;
  const triggers = ['orders', 'images'].map((table) => `create trigger slow before insert or update on ${table} for each row execute function sleep_before_write();`);
  return `begin; ${storageWait(delayMs)} ${sleep} ${triggers.join(' ')} commit;`;
}

const RESTORED = `begin; ${storageWait(0)} drop trigger if exists slow on orders; drop trigger if exists slow on images; commit;`;

/** On a connection of its own: the application's pool may be what the experiment has used up. */
async function run(databaseUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, lock_timeout: 15_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
