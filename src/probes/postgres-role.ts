import type pg from 'pg';
import { ScaleplanError } from '../errors.ts';
import { hintForForeign, plainly, POSTGRES } from './foreign-server.ts';

export interface PostgresRole {
  readonly name: string;
  readonly version: string;
  /** As `server_version_num`: 150004. */
  readonly versionNumber: number;
  readonly isStandby: boolean;
}

/**
 * Refuses a role that may not see other sessions: for it PostgreSQL shows state and backend_type of others as NULL, so that every
 * count would silently read 0 and a full server would look idle.
 */
export async function checkRole(client: pg.Client): Promise<PostgresRole> {
  const { rows } = await client.query<PostgresRole & { quoted: string; allowed: boolean }>(`select current_user::text as name,
    quote_ident(current_user) as quoted, pg_has_role('pg_read_all_stats', 'usage') as allowed,
    current_setting('server_version') as version, current_setting('server_version_num')::int as "versionNumber",
    pg_is_in_recovery() as "isStandby"`);
  const role = rows[0];
  if (role?.allowed !== true) {
    throw new ScaleplanError('probe-refused', `role ${role?.name ?? '?'} may not see the sessions of others: every count would read 0`, {
      hint: `Let a superuser run: GRANT pg_monitor TO ${role?.quoted ?? 'role'};`,
    });
  }
  return role;
}

/** Says why PostgreSQL did not let us in, and what to do. */
export function describeRefusal(error: unknown, address: string): ScaleplanError {
  const where = URL.canParse(address) ? new URL(address).host : 'PostgreSQL';
  const message = plainly(error instanceof Error ? error.message || error.name : String(error));
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const hint = HINTS[code] ?? (POOLER_FULL.test(message)
    ? 'That is the limit of a pooler, not of PostgreSQL: raise it there, or name the address of PostgreSQL itself. Start the probe before the load: it then holds its connection.'
    : /startup parameter/.test(message)
    ? 'Name the address of PostgreSQL itself, not that of a pooler in front of it.'
    : hintForForeign(message, POSTGRES) ?? 'Is the server running, and are address, user and password right?');
  // One code, two causes: the limit of a role is lifted by ALTER ROLE, full slots are not ("reserved for roles with SUPERUSER", from 16 on).
  const isRoleLimit = code === '53300' && /too many connections for role/.test(message);
  return new ScaleplanError('probe-refused', `PostgreSQL at ${where} refused the probe: ${message}`, {
    hint: isRoleLimit ? 'The role has reached its own CONNECTION LIMIT: raise it to 2 with ALTER ROLE.' : hint, cause: error,
  });
}

/** Hosted poolers have limits of their own, under the code for anything internal (XX000). */
const POOLER_FULL = /MaxClients|max clients reached|no more connections allowed/i;

const HINTS: Readonly<Record<string, string>> = {
  '53300': 'All slots are taken. Start the probe before the load: it then holds its connection.',
  '28P01': 'Check user and password in the address.',
  '28000': 'Let the role log in from this machine (LOGIN, pg_hba.conf).',
  '3D000': 'Name an existing database at the end of the address.',
  ECONNREFUSED: 'Is PostgreSQL running, and does it listen at this address?',
};
