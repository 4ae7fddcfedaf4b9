import { z } from 'zod';
import type { Calendar } from './calendar.ts';
import type { Contents } from './contents.ts';
import { idIn, readBody } from '../app/read-request.ts';
import { get, post } from '../app/route.ts';
import type { Route } from '../app/route.ts';
import type { Reports } from './reports.ts';

export interface Parts {
  readonly reports: Reports;
  readonly contents: Contents;
  readonly calendar: Calendar;
}

/** Absent but for writes that somebody wants to count afterwards. */
const writeId = z.uuid().optional();
const publishBody = z.object({ writeId }).nullable();
const idsBody = z.object({ ids: z.array(z.uuid()).max(20_000) });
const userBody = z.object({ userId: z.coerce.number().int().positive() });
const generateBody = userBody.extend({ prompt: z.string().min(1).max(2000), writeId });

/** Every endpoint of the application, by what it answers. */
export function routesOf({ reports, contents, calendar }: Parts): readonly Route[] {
  return [
    get('/health', async () => ({ status: 'ok' })),
    get('/api/dashboard', ({ query }) => reports.dashboard(idIn(query, 'userId'))),
    get('/api/finance/summary', ({ query }) => reports.financeSummary(idIn(query, 'userId'))),
    get('/api/contents', async ({ query }) => ({ items: await contents.list(idIn(query, 'ventureId')) })),
    get('/api/contents/:id', ({ id }) => contents.read(id)),
    get('/api/drafts', async ({ query }) => ({ items: await contents.drafts(idIn(query, 'userId')) })),
    get('/api/notifications', async ({ query }) => ({ items: await calendar.notifications(idIn(query, 'userId')) })),
    post('/api/contents/generate', 201, async ({ body }) => {
      const { userId, prompt, ...told } = readBody(generateBody, body);
      return contents.generate(userId, prompt, told.writeId ?? null);
    }),
    post('/api/contents/:id/publish', 200, async ({ id, body }) => {
      await contents.publish(id, readBody(publishBody, body)?.writeId ?? null);
      return { id, status: 'published' };
    }),
    post('/api/writes/count', 200, async ({ body }) => ({ counts: await contents.countWrites(readBody(idsBody, body).ids) })),
    post('/api/calendar/sync', 200, ({ body }) => calendar.sync(readBody(userBody, body).userId)),
  ];
}
