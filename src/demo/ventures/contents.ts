import type { Cache } from '../app/cache.ts';
import type { Database } from '../app/database.ts';
import { embed } from './embed.ts';
import { HttpError } from '../app/http-error.ts';
import type { AppMetrics } from '../app/metrics.ts';
import type { PublishQueue } from './queue.ts';
import type { VectorClient } from './vectors.ts';

const LIST_TTL_SECONDS = 120;
const ITEM_TTL_SECONDS = 600;
/** As many similar texts as a new one is made from. */
const SIMILAR = 5;

export interface Contents {
  list(ventureId: number): Promise<unknown>;
  read(id: number): Promise<unknown>;
  drafts(userId: number): Promise<unknown>;
  generate(userId: number, prompt: string, writeId: string | null): Promise<{ id: number; title: string }>;
  publish(id: number, writeId: string | null): Promise<void>;
  /** How often each of these writes was applied; those that never were are left out. */
  countWrites(ids: readonly string[]): Promise<Readonly<Record<string, number>>>;
}

export function openContents(database: Database, cache: Cache, vectors: VectorClient, queue: PublishQueue, metrics: AppMetrics): Contents {
  return {
    list: (ventureId) => cache.readThrough(`contents:${ventureId}`, LIST_TTL_SECONDS, () => database.query(LIST, [ventureId])),
    read: (id) => cache.readThrough(`content:${id}`, ITEM_TTL_SECONDS, async () => {
      const [row] = await database.query(ITEM, [id]);
      if (!row) throw new HttpError(404, `there is no content ${id}`);
      return row;
    }),
    drafts: (userId) => database.query(DRAFTS, [userId]),
    async generate(userId, prompt, writeId) {
      const stopSearch = metrics.vectorSearchSeconds.startTimer();
      const similar = await vectors.search(embed(prompt), SIMILAR);
      stopSearch();
      const sources = await database.query<{ title: string; body: string }>('select title, body from contents where id = any($1)', [similar]);
      const { title, body } = compose(prompt, sources);
      const [row] = await database.query<{ id: number }>(INSERT_DRAFT, [userId, title, body, writeId]);
      if (!row) throw new HttpError(404, `there is no user ${userId}`);
      return { id: row.id, title };
    },
    async publish(id, writeId) {
      await queue.publish({ contentId: id, ...(writeId === null ? {} : { writeId }) });
      await cache.forget(`content:${id}`);
    },
    async countWrites(ids) {
      const rows = await database.query<{ id: string; times: number }>('select write_id as id, count(*)::int as times from writes where write_id = any($1) group by 1', [ids]);
      return Object.fromEntries(rows.map(({ id, times }) => [id, times]));
    },
  };
}

const LIST = `
  select id, title, left(body, 300) as excerpt, created_at from contents
  where venture_id = $1 and status = 'published' order by id desc limit 20`;
const ITEM = `
  select c.id, c.title, c.body, c.status, c.created_at, u.name as author, p.published_at, p.times
  from contents c join users u on u.id = c.user_id left join publications p on p.content_id = c.id where c.id = $1`;
/** A draft stays a draft when it was published: it is posted to one channel after the other. */
const DRAFTS = `
  select c.id, c.title, p.published_at as "lastPublishedAt" from contents c left join publications p on p.content_id = c.id
  where c.user_id = $1 and c.status = 'draft' order by c.id desc limit 10`;
const INSERT_DRAFT = `
  with told as (insert into writes (write_id) select $4::uuid where $4::uuid is not null)
  insert into contents (user_id, venture_id, status, title, body)
  select u.id, u.venture_id, 'draft', $2, $3 from users u where u.id = $1 returning id`;

/** A text out of the sentences of similar ones that have most words in common with the prompt. */
function compose(prompt: string, sources: readonly { title: string; body: string }[]): { title: string; body: string } {
  const wanted = new Set(prompt.toLowerCase().split(/\W+/));
  const sentences = sources
    .flatMap(({ title, body }) => body.split('. ').map((sentence) => ({ title, sentence })))
    .map(({ title, sentence }) => ({ text: `${title}: ${sentence}`, hits: sentence.toLowerCase().split(/\W+/).filter((word) => wanted.has(word)).length }))
    .sort((a, b) => b.hits - a.hits);
  return { title: prompt.slice(0, 120), body: sentences.slice(0, SIMILAR).map(({ text }) => text).join('. ') };
}
