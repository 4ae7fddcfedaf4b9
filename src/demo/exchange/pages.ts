import type { Cache } from '../app/cache.ts';
import { HttpError } from '../app/http-error.ts';
import { Page } from '../app/route.ts';
import { escapeHtml, layOut, links } from './html.ts';
import type { Reader } from './reader.ts';

/** Pages may be ten minutes old: objects never change, and a collection is looked at for pleasure. */
const TTL_SECONDS = 600;
const OBJECTS_PER_PAGE = 20;

interface ObjectRow {
  readonly id: number;
  readonly name: string;
  readonly rarity: string;
}

export interface Pages {
  home(): Promise<Page>;
  objects(page: number): Promise<Page>;
  object(id: number): Promise<Page>;
  collection(userId: number): Promise<Page>;
}

interface PagesParts {
  readonly reader: Reader;
  /** Null: every page is made anew. */
  readonly cache: Cache | null;
  readonly storageMs: number;
}

/** The web pages: what there is, and what users have collected. An unknown one is HttpError 404. */
export function openPages({ reader, cache, storageMs }: PagesParts): Pages {
  async function cached(key: string, make: () => Promise<string>): Promise<Page> {
    return new Page(cache === null ? await make() : await cache.readThrough(`page:${key}`, TTL_SECONDS, make));
  }

  return {
    home: () => cached('home', async () => {
      const newest = await reader.query<ObjectRow>(NEWEST, [storageMs]);
      return layOut('Exchange', `<p>Collect, claim, give away. The newest objects:</p>\n${links(newest.map(toLink))}`);
    }),
    objects: (page) => cached(`objects:${page}`, async () => {
      const found = await reader.query<ObjectRow>(LIST, [storageMs, OBJECTS_PER_PAGE, (page - 1) * OBJECTS_PER_PAGE]);
      if (found.length === 0) throw new HttpError(404, `there is no page ${page}`);
      return layOut(`Objects, page ${page}`, `${links(found.map(toLink))}\n<p><a href="/objects?page=${page + 1}">Next page</a></p>`);
    }),
    object: (id) => cached(`object:${id}`, async () => {
      const [found] = await reader.query<ObjectRow & { region: string; description: string; owners: { id: number; name: string }[] }>(OBJECT, [storageMs, id]);
      if (found === undefined) throw new HttpError(404, `there is no object ${id}`);
      const owners = found.owners.map((owner) => ({ path: `/users/${owner.id}/collection`, text: owner.name }));
      return layOut(found.name, `<p>${escapeHtml(`${found.rarity}, ${found.region}. ${found.description}`)}</p>\n<h2>Collected by</h2>\n${links(owners)}`);
    }),
    collection: (userId) => cached(`collection:${userId}`, async () => {
      const [user] = await reader.query<{ name: string; objects: (ObjectRow & { quantity: number })[] }>(COLLECTION, [storageMs, userId]);
      if (user === undefined) throw new HttpError(404, `there is no user ${userId}`);
      return layOut(`Collection of ${user.name}`, links(user.objects.map((each) => ({ ...toLink(each), more: `× ${each.quantity}` }))));
    }),
  };
}

function toLink({ id, name, rarity }: ObjectRow): { path: string; text: string } {
  return { path: `/objects/${id}`, text: `${name} (${rarity})` };
}

/** `storage_wait` delivers a page's rows as slowly as the storage under them is set to be, once for a page; see seed.ts. */
const WAITED = 'with waited as materialized (select storage_wait($1))';
const NEWEST = `${WAITED} select id, name, rarity from waited cross join lateral (select * from objects order by made_at desc limit 12) as found`;
const LIST = `${WAITED} select id, name, rarity from waited cross join lateral (select * from objects order by id limit $2 offset $3) as found`;
const OBJECT = `
  ${WAITED}
  select o.id, o.name, o.rarity, o.region, o.description, coalesce((
    select json_agg(owner) from (
      select u.id, u.name from collections c join users u on u.id = c.user_id where c.object_id = o.id and c.quantity > 0 order by c.quantity desc, u.id limit 10
    ) as owner), '[]') as owners
  from waited cross join objects o where o.id = $2`;
const COLLECTION = `
  ${WAITED}
  select u.name, coalesce((
    select json_agg(each) from (
      select o.id, o.name, o.rarity, c.quantity from collections c join objects o on o.id = c.object_id where c.user_id = u.id and c.quantity > 0 order by o.id
    ) as each), '[]') as objects
  from waited cross join users u where u.id = $2`;
