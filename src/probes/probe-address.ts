import { redact } from '../model/redact.ts';
import type { ProbeRequest } from './registry.ts';

/** A message for people without anything secret: what the address of the probe hides, and whatever looks like a secret. */
export function withoutSecrets(text: string, address: string): string {
  // The id of a process, or `local`, hides nothing.
  let clean = address.includes('/') ? text.replaceAll(address, 'the address') : text;
  for (const secret of secretsOf(address)) clean = clean.replaceAll(secret, '***');
  return redact(clean);
}

/** Tells servers of one kind apart: `db.example:5432/shop`, `mail`, `12345`. */
export function instanceOf({ kind, address }: ProbeRequest): string {
  if (!URL.canParse(address)) return address;
  const { host, pathname, searchParams } = new URL(address);
  if (kind === 'bullmq') return searchParams.get('queue') ?? host;
  return (kind === 'postgres' || kind === 'pgbouncer') && pathname !== '/' ? `${host}${pathname}` : host;
}

function secretsOf(address: string): string[] {
  if (!URL.canParse(address)) return [];
  const { username, password, searchParams } = new URL(address);
  const written = [password, ...[...searchParams].filter(([name]) => /key|token|pass|secret|auth/i.test(name)).map(([, value]) => value)];
  // A key may stand where the user name stands: `http://KEY@host`. A user name beside a password is no secret.
  if (password === '') written.push(username);
  return written.flatMap((secret) => [secret, decoded(secret)]).filter((secret) => secret.length >= 4);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
