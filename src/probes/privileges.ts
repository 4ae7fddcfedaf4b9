import { queueRights, SERVER_RIGHTS } from './redis-rights.ts';
import type { ProbeRequest } from './registry.ts';

/** What gives a probe exactly what it reads, and nothing else. */
export interface Privileges {
  /** Where the lines go: `psql, as a superuser`. */
  readonly where: string;
  /** Ready to be pasted, for the user of the address; a password to be chosen stands as `…`. */
  readonly lines: readonly string[];
}

/** A name for the probe where the address tells none. */
const USER = 'scaleplan';

/**
 * The lines that give the user of a probe's address what the probe needs; null for probes that need no privilege of a server.
 * The password of the address is in none of them.
 */
export function privilegesFor({ kind, address }: ProbeRequest): Privileges | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  const user = decoded(url?.username ?? '') || USER;
  switch (kind) {
    case 'postgres': return { where: 'psql, as a superuser', lines: postgres(user) };
    case 'pgbouncer': return { where: 'pgbouncer.ini, then RELOAD on its console', lines: [`stats_users = ${user}`] };
    case 'redis': return { where: 'redis-cli', lines: [acl(user, SERVER_RIGHTS), `ACL SETUSER ${nameOf(user)} +cluster|nodes   # only in a cluster`] };
    case 'bullmq': return { where: 'redis-cli', lines: [acl(user, queueRights(url?.searchParams))] };
    case 'qdrant': return { where: 'Qdrant’s configuration', lines: ['service.read_only_api_key: …'] };
    default: return null;
  }
}

function postgres(user: string): string[] {
  const quoted = /^[a-z_][a-z0-9_]*$/.test(user) ? user : `"${user.replaceAll('"', '""')}"`;
  return [
    `CREATE ROLE ${quoted} LOGIN PASSWORD '…' CONNECTION LIMIT 2;`,
    `GRANT pg_monitor TO ${quoted};`,
    'CREATE EXTENSION IF NOT EXISTS pg_stat_statements;   -- for the time of statements, where the library is preloaded',
  ];
}

/** The default user of Redis may do everything; one that may only look has a name of its own. */
function acl(user: string, rights: string): string {
  return `ACL SETUSER ${nameOf(user)} on >… -@all ${rights}`;
}

function nameOf(user: string): string {
  return user === 'default' ? USER : user;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
