import { z } from 'zod';
import type { WriteSource } from '../run/writes.ts';
import { ScaleplanError } from '../errors.ts';
import type { WriteSettings } from './write-settings.ts';

const counts = z.object({ counts: z.record(z.string(), z.number()) });
const rows = z.array(z.tuple([z.unknown(), z.coerce.number()]));
const ANSWER_LIMIT_MS = 15_000;
/** One question for all writes of an overload may be large; a URL that takes a thousand at once is asked so. */
const IDS_AT_ONCE = 1000;

/** Writes of a user's own target, as the flags describe them. */
export function ownWrites({ method, path, body, check }: WriteSettings, headers: Readonly<Record<string, string>>): WriteSource {
  const put = (template: string, id: string): string => template.replaceAll('{{ writeId }}', id);
  return {
    request: (id) => ({ method, path: put(path, id), headers, body: body === null ? null : put(body, id) }),
    count: (ids) => ('url' in check ? countByUrl(check.url, ids) : countBySql(check, ids)),
  };
}

/** Posts `{ids}` and reads `{counts: {<id>: n}}`. */
export async function countByUrl(url: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ids: ids.slice(at, at + IDS_AT_ONCE) }), signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    if (!response.ok) throw new ScaleplanError('target-down', `The check ${url} answered ${response.status}.`);
    for (const [id, count] of Object.entries(counts.parse(await response.json()).counts)) found.set(id, count);
  }
  return found;
}

/** The statement gets the ids as `$1` and answers with two columns: id and count. */
async function countBySql({ sql, database }: { readonly sql: string; readonly database: string }, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: database, statement_timeout: ANSWER_LIMIT_MS });
  client.on('error', () => {});
  await client.connect();
  try {
    const result = await client.query<unknown[]>({ text: sql, values: [ids], rowMode: 'array' });
    return new Map(rows.parse(result.rows).map(([id, count]) => [String(id), count]));
  } finally {
    await client.end();
  }
}
