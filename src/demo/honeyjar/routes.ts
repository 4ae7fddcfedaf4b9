import { z } from 'zod';
import type { Database } from '../app/database.ts';
import { HttpError } from '../app/http-error.ts';
import { idIn, readBody } from '../app/read-request.ts';
import { get, post } from '../app/route.ts';
import type { Route } from '../app/route.ts';
import type { Chat } from './chat.ts';
import type { Retrieval } from './retrieval.ts';

const messageBody = z.object({
  userId: z.coerce.number().int().positive(),
  threadId: z.coerce.number().int().positive(),
  message: z.string().min(1).max(2000),
});

const THREADS = 'select id, title from threads where user_id = $1 order by id desc limit 20';
const MESSAGES = 'select id, role, text, created_at as "createdAt" from messages where thread_id = $1 order by id desc limit 30';

/** Every endpoint of the application, by what it answers. */
export function routesOf(chat: Chat, retrieval: Retrieval, database: Database): readonly Route[] {
  return [
    get('/health', async () => ({ status: 'ok' })),
    post('/api/chat', 202, ({ body }) => chat.send(readBody(messageBody, body))),
    post('/api/chat/ask', 200, async ({ body }) => {
      const { batchId, reply, cacheTier } = await chat.ask(readBody(messageBody, body));
      return { batchId, reply, cacheTier };
    }),
    get('/api/chat/:uuid', async ({ uuid }) => {
      const { batchId, status, reply, cacheTier } = await chat.status(uuid);
      return { batchId, status, reply, cacheTier };
    }),
    get('/api/threads', async ({ query }) => ({ items: await database.query(THREADS, [idIn(query, 'userId')]) })),
    get('/api/threads/:id', async ({ id }) => {
      const messages = await database.query(MESSAGES, [id]);
      if (messages.length === 0) throw new HttpError(404, `there is no thread ${id}`);
      return { id, messages };
    }),
    get('/api/documents/search', async ({ query }) => {
      const { documents } = await retrieval.find(query.get('q') ?? '');
      return { items: documents.map(({ id, title, score }) => ({ id, title, score })) };
    }),
  ];
}
