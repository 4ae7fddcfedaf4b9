import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { findRedis } from './find-redis.ts';
import { launch } from './server.ts';
import type { Server } from './server.ts';

export interface RedisOptions {
  /** A folder of the caller's for its configuration and log. */
  readonly dir: string;
  /** `null`: no limit. */
  readonly maxMemoryBytes: number | null;
  /** Redis's name for what it does at the limit; BullMQ wants `noeviction`. */
  readonly policy: 'noeviction' | 'allkeys-lru' | 'allkeys-lfu' | 'allkeys-random' | 'volatile-lru' | 'volatile-ttl';
  /** What messages and files call it. */
  readonly name: string;
}

/** Starts a Redis that keeps nothing on disk. Throws `server-missing` (with what to install) or `server-failed`. */
export async function startRedis(options: RedisOptions): Promise<Server> {
  const { command, env, version } = await findRedis();
  const password = randomBytes(18).toString('base64url');
  const file = join(options.dir, `${options.name}.conf`);
  // A file, because arguments can be read by everybody on the machine, and the password is one of the settings.
  await writeFile(file, configuration(options, password), { mode: 0o600 });

  const { child, port, stop } = await launch({
    name: options.name,
    command,
    args: (at) => [file, '--port', String(at)],
    isReady: (at) => answersPing(at, password),
    stopSignal: 'SIGTERM',
    logFile: join(options.dir, `${options.name}.log`),
    cwd: options.dir,
    env,
  });
  return { url: `redis://:${password}@127.0.0.1:${port}`, version, port, pid: child.pid, exited: child.exited, stop };
}

function configuration(options: RedisOptions, password: string): string {
  return [
    'bind 127.0.0.1',
    `requirepass ${password}`,
    `dir "${options.dir}"`,
    // Neither snapshots nor a log of writes: data lives as long as the run, and a fork for a snapshot would disturb it.
    'save ""',
    'appendonly no',
    `maxmemory ${options.maxMemoryBytes ?? 0}`,
    `maxmemory-policy ${options.policy}`,
    '',
  ].join('\n');
}

async function answersPing(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    let text = '';
    const end = (isReady: boolean): void => {
      socket.destroy();
      resolve(isReady);
    };
    socket.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes('+PONG')) end(true);
      else if (text.includes('-')) end(false);
    });
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
    socket.setTimeout(1_000, () => end(false));
  });
}
