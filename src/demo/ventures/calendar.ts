import type { Database } from '../app/database.ts';
import { HttpError } from '../app/http-error.ts';

export interface Calendar {
  /** Plans the user's newest drafts for the next seven days and tells the user so; doing it again plans the same days anew. */
  sync(userId: number): Promise<{ synced: number }>;
  notifications(userId: number): Promise<unknown>;
}

export function openCalendar(database: Database): Calendar {
  return {
    async sync(userId) {
      const [row] = await database.query<{ synced: number }>(SYNC, [userId]);
      if (!row) throw new HttpError(404, `there is no user ${userId}`);
      return row;
    },
    notifications: (userId) => database.query(NOTIFICATIONS, [userId]),
  };
}

const SYNC = `
  with planned as (
    insert into calendar_entries (user_id, day, content_id)
    select u.id, d.number, (select c.id from contents c where c.user_id = u.id and c.status = 'draft' order by c.id desc offset d.number % 5 limit 1)
    from users u, generate_series(0, 6) as d(number) where u.id = $1
    on conflict (user_id, day) do update set content_id = excluded.content_id, synced_at = now() returning user_id),
  told as (
    insert into notifications (user_id, kind, subject, text)
    select distinct user_id, 'calendar', 0, 'Your calendar was synchronised' from planned
    on conflict (user_id, kind, subject) do update set created_at = now(), is_read = false)
  select count(*)::int as synced from planned having count(*) > 0`;
const NOTIFICATIONS = `
  select id, kind, subject, text, created_at as "createdAt", is_read as "isRead" from notifications
  where user_id = $1 order by created_at desc limit 20`;
