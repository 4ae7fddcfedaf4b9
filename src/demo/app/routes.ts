import { z } from 'zod';
import type { Calendar } from './calendar.ts';
import type { Contents } from './contents.ts';
import { HttpError } from './http-error.ts';
import type { Reports } from './reports.ts';

export interface Parts {
  readonly reports: Reports;
  readonly contents: Contents;
  readonly calendar: Calendar;
}

export interface RouteRequest {
  readonly query: URLSearchParams;
  /** The number in the path, for the routes that have one; else 0. */
  readonly id: number;
  /** Parsed JSON; null without a body. */
  readonly body: unknown;
}

export interface Route {
  /** For the metrics: the path with `:id` for the number. */
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly status: number;
  answer(request: RouteRequest): Promise<unknown>;
}

const userBody = z.object({ userId: z.coerce.number().int().positive() });
const generateBody = userBody.extend({ prompt: z.string().min(1).max(2000) });

/** Every endpoint of the application, by what it answers. */
export function routesOf({ reports, contents, calendar }: Parts): readonly Route[] {
  const get = (name: string, answer: Route['answer']): Route => ({ name, method: 'GET', status: 200, answer });
  const post = (name: string, status: number, answer: Route['answer']): Route => ({ name, method: 'POST', status, answer });
  return [
    get('/health', async () => ({ status: 'ok' })),
    get('/api/dashboard', ({ query }) => reports.dashboard(idIn(query, 'userId'))),
    get('/api/finance/summary', ({ query }) => reports.financeSummary(idIn(query, 'userId'))),
    get('/api/contents', async ({ query }) => ({ items: await contents.list(idIn(query, 'ventureId')) })),
    get('/api/contents/:id', ({ id }) => contents.read(id)),
    get('/api/drafts', async ({ query }) => ({ items: await contents.drafts(idIn(query, 'userId')) })),
    get('/api/notifications', async ({ query }) => ({ items: await calendar.notifications(idIn(query, 'userId')) })),
    post('/api/contents/generate', 201, async ({ body }) => {
      const { userId, prompt } = checked(generateBody, body);
      return contents.generate(userId, prompt);
    }),
    post('/api/contents/:id/publish', 200, async ({ id }) => {
      await contents.publish(id);
      return { id, status: 'published' };
    }),
    post('/api/calendar/sync', 200, ({ body }) => calendar.sync(checked(userBody, body).userId)),
  ];
}

function idIn(query: URLSearchParams, name: string): number {
  const id = Number(query.get(name));
  if (!Number.isInteger(id) || id < 1) throw new HttpError(400, `${name}: a whole number is expected`);
  return id;
}

function checked<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (!result.success) throw new HttpError(400, z.prettifyError(result.error));
  return result.data;
}
