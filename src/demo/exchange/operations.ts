import { z } from 'zod';
import type { Database } from '../app/database.ts';

export const MENTION_KINDS = ['claim', 'gift', 'help'] as const;
export type MentionKind = (typeof MENTION_KINDS)[number];

export const mentionSchema = z.object({ id: z.int(), kind: z.enum(MENTION_KINDS), text: z.string() });
/** What the bot is asked for, once it is written down. */
export type Mention = z.infer<typeof mentionSchema>;

/**
 * Does what a mention asks for and gives the reply. Each is one statement that takes the mention out of waiting as well:
 * done twice, because a worker died before it could say so, it changes nothing more and gives the same reply.
 */
export async function carryOut(database: Database, { id, kind, text }: Mention): Promise<string> {
  const [row] = await STATEMENTS[kind](database, id, text);
  if (row !== undefined) return row.reply;
  const [done] = await database.query<{ reply: string | null }>('select reply from mentions where id = $1', [id]);
  return done?.reply ?? '';
}

type Statement = (database: Database, id: number, text: string) => Promise<{ reply: string }[]>;

const STATEMENTS: Readonly<Record<MentionKind, Statement>> = {
  claim: (database, id) => database.query(CLAIM, [id]),
  gift: (database, id, text) => {
    const [, objectId, friendId] = /object (\d{1,9}) to user (\d{1,9})/i.exec(text) ?? [];
    return objectId === undefined || friendId === undefined
      ? database.query(ANSWER, [id, 'Write: give object 12 to user 34.'])
      : database.query(GIFT, [id, Number(objectId), Number(friendId)]);
  },
  help: (database, id) => database.query(ANSWER, [id, 'Ask me for your object of the day, or write: give object 12 to user 34.']),
};

/** A mention that somebody else carries out at this moment is waited for, and then no longer waiting. */
const MENTION = `mention as (select id, user_id from mentions where id = $1 and status = 'waiting' for update)`;
const done = (reply: string): string => `update mentions set status = 'done', done_at = now(), reply = ${reply} from mention where mentions.id = mention.id returning mentions.reply`;

/** The object of the day differs from user to user and from day to day; it can be claimed once. */
const CLAIM = `
  with ${MENTION},
  claimed as (
    update users u set last_claim_on = current_date from mention where u.id = mention.user_id and u.last_claim_on is distinct from current_date returning u.id),
  added as (
    insert into collections (user_id, object_id, quantity)
    select id, 1 + (id * 31 + (current_date - date '2020-01-01')) % (select count(*) from objects), 1 from claimed
    on conflict (user_id, object_id) do update set quantity = collections.quantity + 1 returning object_id)
  ${done(`coalesce((select 'Your object of the day: ' || o.name from added join objects o on o.id = added.object_id), 'You have claimed your object of the day already.')`)}`;
const GIFT = `
  with ${MENTION},
  taken as (
    update collections c set quantity = quantity - 1 from mention
    where c.user_id = mention.user_id and c.object_id = $2 and c.quantity > 0 and $3 <> mention.user_id and exists (select from users where id = $3)
    returning c.object_id),
  added as (
    insert into collections (user_id, object_id, quantity) select $3, object_id, 1 from taken
    on conflict (user_id, object_id) do update set quantity = collections.quantity + 1 returning object_id)
  ${done(`coalesce((select 'You gave away: ' || o.name from added join objects o on o.id = added.object_id), 'You cannot give that to them.')`)}`;
const ANSWER = `with ${MENTION} ${done('$2')}`;
