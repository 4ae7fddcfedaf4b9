import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Fault } from '../situation.ts';
import { creeping } from './combine.ts';

/** The storage under the reports becomes slow: a statement that reads them waits for it. */
export function slowStorage(waitMs: number): Fault {
  return onDatabase(async (client) => {
    await setStorage(client, waitMs);
    return () => setStorage(client, 0);
  });
}

export function creepingStorage(seconds: number, waitMs: number): Fault {
  return async (system) => onDatabase((client) => creeping(seconds, (_, share) => setStorage(client, share * waitMs))(system))(system);
}

/** Reports are computed from more and more rows: statements need the CPU. */
export function computingStorage(thousandRows: number): Fault {
  return onDatabase(async (client) => {
    await client.query(STORAGE(`perform sum(sqrt(i)) from generate_series(1, ${Math.round(1000 * thousandRows)}) i;`));
    return () => setStorage(client, 0);
  });
}

async function setStorage(client: pg.Client, waitMs: number): Promise<void> {
  await client.query(STORAGE(waitMs > 0 ? `perform pg_sleep(${(waitMs / 1000).toFixed(4)});` : ''));
}

const STORAGE = (work: string): string => `create or replace function storage_wait(venture int, wait_ms int) returns bigint language plpgsql as $$
  begin
    ${work}
    if wait_ms > 0 then perform pg_sleep(wait_ms / 1000.0); end if;
    return (select count(*) from financial_entries where venture_id = venture);
  end $$`;

/** Somebody drops the indexes that users' statements need, and makes the table larger. */
export function loseIndexes(copies: number): Fault {
  return onDatabase(async (client) => {
    const { rows } = await client.query<{ indexname: string }>(`select indexname from pg_indexes where tablename in ('contents', 'financial_entries') and indexname not like '%pkey'`);
    for (const { indexname } of rows) await client.query(`drop index if exists ${indexname}`);
    for (let copy = 0; copy < copies; copy += 1) await client.query('insert into financial_entries (venture_id, category, amount, booked_on) select venture_id + 10000 * (1 + $1::int), category, amount, booked_on from financial_entries where venture_id < 10000', [copy]);
    return async () => {};
  });
}

/** A session that locks, and keeps the lock: once, or again and again with a pause between. */
export function hold(sql: string, heldMs: number, pauseMs: number): Fault {
  return onDatabase(async (client) => {
    const stopping = new AbortController();
    const rest = (ms: number): Promise<unknown> => sleep(ms, null, { signal: stopping.signal }).catch(() => {});
    const working = (async () => {
      while (!stopping.signal.aborted) {
        await client.query('begin');
        await client.query(sql);
        await rest(heldMs);
        await client.query('commit');
        await rest(pauseMs);
      }
    })().catch(() => {});
    return async () => {
      stopping.abort();
      await working;
    };
  });
}

/** Other programs' sessions take the server's slots. */
export function takeSlots(sessions: number): Fault {
  return async ({ addresses }) => {
    const clients: pg.Client[] = [];
    for (let at = 0; at < sessions; at += 1) {
      const client = new pg.Client({ connectionString: addresses.databaseUrl ?? '', application_name: 'reports' });
      client.on('error', () => {});
      await client.connect().then(() => clients.push(client), () => {});
    }
    return async () => void await Promise.all(clients.map((client) => client.end()));
  };
}

/** A report that somebody runs once or again and again beside the users: heavy, but alone. */
export function heavyReport(thousandRows: number, pauseMs: number): Fault {
  return onDatabase(async (client) => {
    const stopping = new AbortController();
    const working = (async () => {
      while (!stopping.signal.aborted) {
        await client.query('select sum(sqrt(i)) from generate_series(1, $1::int) i', [1000 * thousandRows]);
        await sleep(pauseMs, null, { signal: stopping.signal }).catch(() => {});
      }
    })().catch(() => {});
    return async () => {
      stopping.abort();
      await working;
    };
  });
}

/** The process that replays on a replica stands still: what comes from the primary is received and not applied. */
export const stopReplay: Fault = async ({ demo }) => {
  const servers = Object.entries(demo.pids).filter(([name]) => name.startsWith('replica')).map(([, pid]) => pid);
  const pids = servers.flatMap((server) => childrenOf(server).filter((pid) => /startup/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))));
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  return async () => {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  };
};

function childrenOf(parent: number): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]) === parent;
    } catch {
      return false;
    }
  });
}

function onDatabase(work: (client: pg.Client) => Promise<() => Promise<void>>): Fault {
  return async ({ addresses }) => {
    const client = new pg.Client({ connectionString: addresses.databaseUrl ?? '', application_name: 'maintenance' });
    client.on('error', () => {});
    await client.connect();
    const undo = await work(client);
    return async () => {
      await undo();
      await client.end();
    };
  };
}
