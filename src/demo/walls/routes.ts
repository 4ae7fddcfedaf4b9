import { z } from 'zod';
import { HttpError } from '../app/http-error.ts';
import { idIn, readBody } from '../app/read-request.ts';
import { get, post } from '../app/route.ts';
import type { Route } from '../app/route.ts';
import type { Entitlements } from './entitlements.ts';
import { mayUse } from './entry.ts';
import { seal } from './seal.ts';

const name = z.string().regex(/^[a-z0-9-]{1,40}$/);
const purchaseBody = z.object({ userId: z.coerce.number().int().positive(), kind: name, id: name });

/** Every endpoint of the application, by what it answers; the same in every phase. */
export function routesOf(entitlements: Entitlements, sealRounds: number): readonly Route[] {
  return [
    get('/health', async () => ({ status: 'ok' })),
    get('/api/access', async ({ query }) => {
      const userId = idIn(query, 'userId');
      const [kind, id] = [nameIn(query, 'kind'), nameIn(query, 'id')];
      const { entry, source } = await entitlements.find(userId);
      return { userId, allowed: mayUse(entry, kind, id), source };
    }),
    get('/api/entitlements', async ({ query }) => (await entitlements.find(idIn(query, 'userId'))).entry),
    post('/api/entitlements', 200, async ({ body }) => {
      const { userId, kind, id } = readBody(purchaseBody, body);
      seal(userId, sealRounds);
      await entitlements.grant(userId, kind, id);
      return { userId, granted: true };
    }),
  ];
}

function nameIn(query: URLSearchParams, key: string): string {
  const result = name.safeParse(query.get(key));
  if (!result.success) throw new HttpError(400, `${key}: a name of lower-case letters, digits and hyphens is expected`);
  return result.data;
}
