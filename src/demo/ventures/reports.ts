import type { Cache } from '../app/cache.ts';
import type { Database } from '../app/database.ts';
import { forecastCashFlow } from './forecast.ts';
import type { Forecast } from './forecast.ts';
import { HttpError } from '../app/http-error.ts';
import type { AppSettings } from './settings.ts';

/** Dashboards and summaries may be ten minutes old: people look at them for trends, not for the last booking. */
const REPORT_TTL_SECONDS = 600;

export type Report = Readonly<Record<string, unknown>> & { readonly months: readonly number[] };

export interface Reports {
  dashboard(userId: number): Promise<Report & { readonly forecast: Forecast }>;
  financeSummary(userId: number): Promise<Report>;
}

export function openReports(settings: AppSettings, database: Database, cache: Cache): Reports {
  async function report(kind: string, query: string, userId: number): Promise<Report> {
    const compute = async (): Promise<Report> => {
      const [row] = await database.query<{ report: Report }>(query, [userId, settings.reportStorageMs]);
      if (!row) throw new HttpError(404, `there is no user ${userId}`);
      return row.report;
    };
    return settings.cacheReports ? cache.readThrough(`${kind}:${userId}`, REPORT_TTL_SECONDS, compute) : compute();
  }

  return {
    async dashboard(userId) {
      const found = await report('dashboard', DASHBOARD, userId);
      waitSynchronously(settings.blockMs);
      return { ...found, forecast: forecastCashFlow(found.months, settings.forecastCpuMs) };
    },
    financeSummary: (userId) => report('finance', FINANCE_SUMMARY, userId),
  };
}

/** What a call such as readFileSync on a slow volume does to the thread: it stands still, and the CPU is idle. */
function waitSynchronously(ms: number): void {
  if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** `storage_wait` reads the report tables' pages as slowly as the storage under them is set to be; see seed.ts. */
const DASHBOARD = `
  select json_build_object(
    'user', u.name, 'venture', v.name,
    'published', (select count(*) from contents c where c.venture_id = v.id and c.status = 'published'),
    'drafts', (select count(*) from contents c where c.user_id = u.id and c.status = 'draft'),
    'unread', (select count(*) from notifications n where n.user_id = u.id and not n.is_read),
    'latest', (select json_agg(l) from (
       select c.id, c.title, c.body, c.created_at from contents c where c.venture_id = v.id and c.status = 'published' order by c.id desc limit 12) l),
    'months', (select coalesce(json_agg(m.amount order by m.month), '[]') from (
       select date_trunc('month', e.booked_on) as month, sum(e.amount)::float8 as amount from financial_entries e where e.venture_id = v.id group by 1) m)
  ) as report
  from users u join ventures v on v.id = u.venture_id cross join lateral storage_wait(v.id, $2) where u.id = $1`;

const FINANCE_SUMMARY = `
  with lines as materialized (
    select date_trunc('month', e.booked_on) as month, e.category, sum(e.amount)::float8 as amount, count(*) as entries
    from financial_entries e join users u on u.venture_id = e.venture_id where u.id = $1 group by 1, 2)
  select json_build_object(
    'lines', (select coalesce(json_agg(l order by l.month, l.category), '[]') from lines l),
    'months', (select coalesce(json_agg(m.amount order by m.month), '[]') from (select l.month, sum(l.amount) as amount from lines l group by 1) m)
  ) as report
  from users u cross join lateral storage_wait(u.venture_id, $2) where u.id = $1`;
