import { z } from 'zod';
import { HttpError } from '../app/http-error.ts';
import { readBody } from '../app/read-request.ts';
import { Answer, get, post } from '../app/route.ts';
import type { Route } from '../app/route.ts';
import type { Bot } from './bot.ts';
import { MENTION_KINDS } from './operations.ts';
import type { Pages } from './pages.ts';

const MOST_PAGES = 100_000;

const mentionBody = z.object({ userId: z.coerce.number().int().positive(), kind: z.enum(MENTION_KINDS), text: z.string().min(1).max(500) });

/** Every endpoint of the application, by what it answers. */
export function routesOf(bot: Bot, pages: Pages): readonly Route[] {
  return [
    get('/health', async () => ({ status: 'ok' })),
    post('/api/bot/mentions', 202, async ({ body }) => {
      const request = readBody(mentionBody, body);
      const { id, reply } = await bot.mention(request);
      return request.kind === 'claim' ? new Answer(200, { id, kind: 'claim', reply }) : { id };
    }),
    get('/api/bot/mentions/:id', ({ id }) => bot.status(id)),
    get('/', () => pages.home()),
    get('/objects', ({ query }) => pages.objects(pageIn(query))),
    get('/objects/:id', ({ id }) => pages.object(id)),
    get('/users/:id/collection', ({ id }) => pages.collection(id)),
  ];
}

/** The first page where none is asked for. */
function pageIn(query: URLSearchParams): number {
  const page = Number(query.get('page') ?? 1);
  if (!Number.isInteger(page) || page < 1 || page > MOST_PAGES) throw new HttpError(400, 'page: a whole number from 1 on is expected');
  return page;
}
