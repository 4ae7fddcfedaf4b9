import type { Redis } from 'ioredis';

/** Where a master of a cluster listens. */
export interface MasterPlace {
  /** Empty where the node that was asked does not know its own address. */
  readonly host: string;
  readonly port: number;
  /** The node that was asked. */
  readonly isMyself: boolean;
}

/** The masters that serve keys, from `CLUSTER NODES`: those without slots hold nothing, and those that failed do not answer. */
export function mastersIn(nodes: string): MasterPlace[] {
  return nodes.split('\n').flatMap((line) => {
    const [, address = '', flagText = '', , , , , , ...slots] = line.trim().split(' ');
    const flags = flagText.split(',');
    const isGone = flags.some((flag) => ['fail', 'handshake', 'noaddr'].includes(flag));
    // Migrating slots stand in brackets.
    if (!flags.includes('master') || isGone || !slots.some((slot) => !slot.startsWith('['))) return [];
    const isMyself = flags.includes('myself');
    const place = placeOf(address);
    return place === null || (place.host === '' && !isMyself) ? [] : [{ ...place, isMyself }];
  });
}

/** `ip:port@busport,hostname`; the host name, where there is one, is what certificates are made out to. */
function placeOf(address: string): { host: string; port: number } | null {
  const [socket = '', name = ''] = address.split(',');
  const [, ip = '', port = ''] = /^(.*):(\d+)(?:@\d+)?$/.exec(socket) ?? [];
  const host = name !== '' && name !== '?' ? name : ip;
  return port === '' ? null : { host, port: Number(port) };
}

/** The address the user gave, at another place: with the same user, password and encryption. */
export function addressAt(address: string, { host, port }: Pick<MasterPlace, 'host' | 'port'>): string {
  const url = new URL(address);
  url.hostname = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  url.port = String(port);
  return url.href;
}

export async function clusterNodes(redis: Redis): Promise<string> {
  return String(await redis.call('CLUSTER', 'NODES'));
}
