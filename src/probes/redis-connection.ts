import { Redis } from 'ioredis';
import { ScaleplanError } from '../errors.ts';
import { hintForForeign } from './foreign-server.ts';

/**
 * One held connection that never reconnects by itself: the sampler does, and it must see that the server was gone.
 * Throws `probe-refused`.
 */
export async function connectRedis(address: string, timeoutMs: number, signal: AbortSignal): Promise<Redis> {
  const url = new URL(address);
  // ioredis takes every parameter of the address for one of its own options.
  url.search = '';
  const redis = new Redis(url.href, {
    lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0, enableOfflineQueue: false, enableReadyCheck: false,
    connectTimeout: timeoutMs, commandTimeout: timeoutMs, connectionName: 'scaleplan-probe',
  });
  let cause: Error | null = null;
  redis.on('error', (error: Error) => { cause = error; });
  const giveUp = (): void => redis.disconnect();
  signal.addEventListener('abort', giveUp);
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw describeRedisRefusal(cause ?? error, address);
  } finally {
    // The signal is about opening alone: it must not end the connection later.
    signal.removeEventListener('abort', giveUp);
  }
}

/** Says why Redis did not answer, and what to do. */
export function describeRedisRefusal(error: unknown, address: string): ScaleplanError {
  const message = error instanceof Error ? error.message || error.name : String(error);
  const found = HINTS.find(([pattern]) => pattern.test(message));
  return new ScaleplanError('probe-refused', `Redis at ${new URL(address).host} refused the probe: ${message}`, {
    hint: found?.[1] ?? hintForForeign(message, 'Redis’s protocol', 'rediss://') ?? 'Is the server running, and is the address right?', cause: error,
  });
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/NOAUTH|WRONGPASS|invalid password|AUTH/i, 'Put user and password into the address: redis://user:password@host:6379.'],
  [/NOPERM/i, 'Let the user read the server’s state: ACL SETUSER <name> +info +slowlog|get (in a cluster also +cluster|nodes; for bullmq also +llen +zcard +lindex +zrange +hget +hexists +xrange +xrevrange on the queue’s keys).'],
  [/ECONNREFUSED/, 'Is Redis running, and does it listen at this address?'],
  [/max number of clients/i, 'All client slots are taken. Start the probe before the load: it then holds its connection.'],
  [/certificate|self.signed|TLS/i, 'Does the server speak TLS? Then write rediss://.'],
];
