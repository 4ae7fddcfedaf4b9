import { Redis } from 'ioredis';
import { ScaleplanError } from '../errors.ts';
import { hintForForeign, plainly, REDIS } from './foreign-server.ts';
import { missingRedisRights } from './redis-rights.ts';

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
  const message = plainly(error instanceof Error ? error.message || error.name : String(error));
  const isForbidden = /NOPERM|no permissions/i.test(message);
  const found = HINTS.find(([pattern]) => pattern.test(message));
  return new ScaleplanError('probe-refused', `Redis at ${new URL(address).host} refused the probe: ${message}`, {
    hint: isForbidden ? `Let the user read what the probe needs, in redis-cli: ${missingRedisRights(address, message)}` : found?.[1] ?? hintForForeign(message, REDIS) ?? 'Is the server running, and is the address right?', cause: error,
  });
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/NOAUTH|WRONGPASS|invalid password|AUTH/i, 'Put user and password into the address: redis://user:password@host:6379.'],
  [/ECONNREFUSED/, 'Is Redis running, and does it listen at this address?'],
  [/max number of clients/i, 'All client slots are taken. Start the probe before the load: it then holds its connection.'],
];
