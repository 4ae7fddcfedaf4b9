import { ScaleplanError } from '../errors.ts';
import type { StressFacts } from '../model/run.ts';
import { parseUrl } from './parse-url.ts';
import type { TestFlags } from './settings.ts';

/** The flags of `stress` beside those it shares with `test`. */
export interface StressFlags extends TestFlags {
  readonly by?: string;
  readonly budget?: string;
  readonly from?: string;
  readonly to?: string;
  readonly stopAt?: string;
  readonly health?: string;
  readonly write?: string;
  readonly writeBody?: string;
  readonly checkUrl?: string;
  readonly checkSql?: string;
  readonly checkDatabase?: string;
}

/** What ends a stage at once. */
export interface Harm {
  readonly metric: 'http.error_rate' | 'http.p50' | 'http.p95' | 'http.p99';
  /** % or ms. */
  readonly limit: number;
}

export interface StressSettings {
  readonly by: StressFacts['by'];
  readonly budgetSeconds: number;
  readonly startLoad: number | null;
  readonly mostLoad: number | null;
  readonly harm: Harm;
  readonly healthUrl: string | null;
  readonly writes: WriteSettings | null;
}

/** A write of the user's own target, and who counts it. */
export interface WriteSettings {
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
  readonly check: { readonly url: string } | { readonly sql: string; readonly database: string };
}

/** Stages with enough requests for a share of errors, recovery and the count of writes need this long on a target of some 60 requests/s. */
const DEFAULT_BUDGET_SECONDS = 360;
/** One stage, and hardly the way back; less shows nothing. */
const LEAST_BUDGET_SECONDS = 30;
/** Every other user turned away shows a break; more only harms. */
const DEFAULT_HARM: Harm = { metric: 'http.error_rate', limit: 50 };

/** Throws `wrong-usage` for what does not fit together. */
export function stressSettings(flags: StressFlags): StressSettings {
  const by = flags.by ?? (flags.engine === 'autocannon' ? 'users' : 'rate');
  if (by !== 'rate' && by !== 'users') throw new ScaleplanError('wrong-usage', `--by ${by} is neither rate nor users.`, { hint: 'rate: requests per second, arriving whether or not earlier ones were answered; users: so many at the same time, each waiting for its answer.' });
  const budgetSeconds = flags.budget === undefined ? DEFAULT_BUDGET_SECONDS : secondsOf('--budget', flags.budget);
  if (budgetSeconds < LEAST_BUDGET_SECONDS) throw new ScaleplanError('wrong-usage', `--budget ${flags.budget ?? ''} is too short.`, { hint: `A search needs ${LEAST_BUDGET_SECONDS} s at least, and 4 to 6 minutes for a bounded answer.` });
  return {
    by, budgetSeconds, startLoad: loadOf('--from', flags.from), mostLoad: loadOf('--to', flags.to),
    harm: flags.stopAt === undefined ? DEFAULT_HARM : harmOf(flags.stopAt),
    healthUrl: flags.health === undefined ? null : parseUrl('--health', flags.health), writes: writesOf(flags),
  };
}

function secondsOf(flag: string, text: string): number {
  const [, figure, unit = 's'] = /^(\d+(?:\.\d+)?)\s*(s|m|min|h)?$/.exec(text.trim()) ?? [];
  if (figure === undefined) throw new ScaleplanError('wrong-usage', `${flag} ${text} is no duration.`, { hint: `Example: ${flag} 6m` });
  return Math.ceil(Number(figure) * ({ s: 1, m: 60, min: 60, h: 3600 }[unit] ?? 1));
}

function loadOf(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text.replaceAll(/[,_]/g, '').replace(/\/s$/, ''));
  if (!(value > 0) || !Number.isFinite(value)) throw new ScaleplanError('wrong-usage', `${flag} ${text} is no positive number.`, { hint: `Example: ${flag} 50` });
  return value;
}

function harmOf(text: string): Harm {
  const [, share] = /^errors\s*=\s*(\d+(?:\.\d+)?)\s*%$/.exec(text.trim()) ?? [];
  if (share !== undefined && Number(share) > 0 && Number(share) <= 100) return { metric: 'http.error_rate', limit: Number(share) };
  const [, percentile, time, unit] = /^(p50|p95|p99)\s*=\s*(\d+(?:\.\d+)?)\s*(ms|s)$/.exec(text.trim()) ?? [];
  if (percentile === undefined || time === undefined) throw new ScaleplanError('wrong-usage', `--stop-at ${text} is no limit of harm.`, { hint: 'Write errors=10% or p95=5s.' });
  // The expression allows these three alone.
  return { metric: `http.${percentile}` as Harm['metric'], limit: Number(time) * (unit === 's' ? 1000 : 1) };
}

/** Throws `wrong-usage` for what does not fit together. */
export function writesOf({ write, writeBody, checkUrl, checkSql, checkDatabase, target }: StressFlags): WriteSettings | null {
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
