import type { Database } from '../app/database.ts';
import { HttpError } from '../app/http-error.ts';
import { carryOut } from './operations.ts';
import type { Mention, MentionKind } from './operations.ts';
import type { MentionQueue } from './queue.ts';
import { reply as tell } from './reply.ts';

export interface Request {
  readonly userId: number;
  readonly kind: MentionKind;
  readonly text: string;
}

export interface MentionStatus {
  readonly id: number;
  readonly status: 'waiting' | 'done';
  readonly reply: string | null;
}

export interface Bot {
  /** Writes the mention down and sees to it; `reply` is null where it is not waited for. Throws HttpError 404 for an unknown user. */
  mention(request: Request): Promise<{ readonly id: number; readonly reply: string | null }>;
  /** Throws HttpError 404 for an unknown mention. */
  status(id: number): Promise<MentionStatus>;
}

interface BotParts {
  readonly database: Database;
  /** Null: everything is done at once, in the request. */
  readonly queue: MentionQueue | null;
  readonly replyMs: number;
}

/** The bot: claims are answered when they are done; with a queue, gifts and help are done later. */
export function openBot({ database, queue, replyMs }: BotParts): Bot {
  async function see(mention: Mention): Promise<string | null> {
    if (queue === null) return tell(await carryOut(database, mention), replyMs);
    if (mention.kind === 'claim') return queue.addAndWait(mention);
    await queue.add(mention);
    return null;
  }

  return {
    async mention({ userId, kind, text }) {
      const [row] = await database.query<{ id: number }>(WRITE_DOWN, [userId, kind, text]);
      if (row === undefined) throw new HttpError(404, `there is no user ${userId}`);
      return { id: row.id, reply: await see({ id: row.id, kind, text }) };
    },
    async status(id) {
      const [row] = await database.query<MentionStatus>('select id, status, reply from mentions where id = $1', [id]);
      if (row === undefined) throw new HttpError(404, `there is no mention ${id}`);
      return row;
    },
  };
}

const WRITE_DOWN = 'insert into mentions (user_id, kind, text) select id, $2, $3 from users where id = $1 returning id';
