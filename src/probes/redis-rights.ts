/** What the probe of a Redis reads of its state. */
export const SERVER_RIGHTS = '+info +slowlog|get';

/** What the probe of a queue reads: the keys of that queue alone, by commands that change nothing. */
export function queueRights(parameters: URLSearchParams | undefined): string {
  return `~${parameters?.get('prefix') ?? 'bull'}:${parameters?.get('queue') ?? '*'}:* +llen +zcard +lindex +hget +hexists +exists +time +xrange +xrevrange +client|list`;
}

/** The line that gives the user of an address what it turned out to lack: `refusal` is what Redis said. */
export function missingRedisRights(address: string, refusal: string): string {
  const { username, searchParams } = new URL(address);
  const rights = searchParams.has('queue') ? queueRights(searchParams) : `${SERVER_RIGHTS}${/cluster/i.test(refusal) ? ' +cluster|nodes' : ''}`;
  // No user of an access list has a character in its name that would have to be escaped.
  return `ACL SETUSER ${username || 'default'} ${rights}`;
}
