import { ScaleplanError } from '../errors.ts';
import { parseUrl } from './parse-url.ts';

/** The flags that name a write of the user's own target and who counts it. */
export interface WriteFlags {
  readonly write?: string;
  readonly writeBody?: string;
  readonly checkUrl?: string;
  readonly checkSql?: string;
  readonly checkDatabase?: string;
}

/** A write of the user's own target, and who counts it. */
export interface WriteSettings {
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
  readonly check: { readonly url: string } | { readonly sql: string; readonly database: string };
}

/** Throws `wrong-usage` for what does not fit together. */
export function writesOf({ write, writeBody, checkUrl, checkSql, checkDatabase, target }: WriteFlags & { readonly target?: string }): WriteSettings | null {
  const check = checkOf(checkUrl, checkSql, checkDatabase);
  if (write === undefined) {
    if (check === null && writeBody === undefined) return null;
    throw new ScaleplanError('wrong-usage', 'A check counts writes, and none was named.', { hint: 'Name one: --write "POST /orders" --write-body \'{"reference":"{{ writeId }}"}\'' });
  }
  if (target === undefined) throw new ScaleplanError('wrong-usage', '--write is for a target of your own.', { hint: 'The reference application has its own writes and counts them.' });
  if (check === null) throw new ScaleplanError('wrong-usage', '--write makes writes that nobody counts.', { hint: 'Say who counts them: --check-url https://…/count or --check-sql "select reference, count(*) from orders where reference = any($1) group by 1" --check-database postgres://…' });
  const [, method, path] = /^(POST|PUT|PATCH)\s+(\/\S*)$/.exec(write.trim()) ?? [];
  if (method === undefined || path === undefined) throw new ScaleplanError('wrong-usage', `--write "${write}" is no request.`, { hint: 'Write the method and the path: --write "POST /orders"' });
  if (!`${path}${writeBody ?? ''}`.includes('{{ writeId }}')) throw new ScaleplanError('wrong-usage', 'Neither path nor body of the write holds {{ writeId }}.', { hint: 'What is counted must carry it: --write-body \'{"reference":"{{ writeId }}"}\'' });
  return { method, path, body: writeBody ?? null, check };
}

function checkOf(url: string | undefined, sql: string | undefined, database: string | undefined): WriteSettings['check'] | null {
  if (url !== undefined && sql !== undefined) throw new ScaleplanError('wrong-usage', '--check-url and --check-sql exclude each other.', { hint: 'One of them counts.' });
  if (url !== undefined) return { url: parseUrl('--check-url', url) };
  if (sql === undefined) return null;
  if (database === undefined) throw new ScaleplanError('wrong-usage', '--check-sql needs a database.', { hint: 'Add --check-database postgres://user:password@host:5432/name' });
  return { sql, database };
}
