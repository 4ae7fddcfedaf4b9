import type { Database } from '../app/database.ts';
import type { Entry } from './entry.ts';
import type { StoreLayer } from './layer.ts';

/** The database that all instances share. */
export function postgresLayer(database: Database): StoreLayer {
  async function find(userId: number): Promise<Entry | null> {
    const [row] = await database.query<{ entry: Entry }>(FIND, [userId]);
    return row?.entry ?? null;
  }
  return {
    name: 'postgres',
    find,
    async grant(userId, kind, id) {
      await database.query(GRANT, [userId, kind, id]);
      return find(userId);
    },
    replace: (entry) => addEntries(database, [entry]),
    close: () => database.close(),
  };
}

/** Writes what files hold into the tables; what is there already stays. */
export async function addEntries(database: Database, entries: readonly Entry[]): Promise<void> {
  await database.query(ADD, [JSON.stringify(entries)]);
}

const FIND = `
  select json_build_object('userId', u.id, 'plan', u.plan, 'entitlements', coalesce(
    (select json_agg(json_build_object('kind', e.kind, 'id', e.item) order by e.number) from user_entitlements e where e.user_id = u.id), '[]')) as entry
  from users u where u.id = $1`;
const GRANT = `
  insert into user_entitlements (user_id, kind, item) select u.id, $2, $3 from users u where u.id = $1
  on conflict (user_id, kind, item) do nothing`;
const ADD = `
  with given as materialized (select * from jsonb_to_recordset($1::jsonb) as e("userId" int, plan text, entitlements jsonb)),
       added as (insert into users (id, plan) select "userId", plan from given on conflict (id) do update set plan = excluded.plan returning id)
  insert into user_entitlements (user_id, kind, item)
  select given."userId", e.kind, e.id from given join added on added.id = given."userId", jsonb_to_recordset(given.entitlements) as e(kind text, id text)
  on conflict (user_id, kind, item) do nothing`;
