import { subscribe } from 'node:diagnostics_channel';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { argv, env, pid, threadCpuUsage } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';
import pg from 'pg';
import { NOTES_VARIABLE, readStrain, type Strain } from './strain.ts';

/**
 * Loaded before an application's process while a situation is recorded: lays other settings over its own, notes what it was told
 * (where its servers are), and strains it when it is asked to. Does nothing in any other process.
 */
const folder = env[NOTES_VARIABLE];
const variable = Object.keys(env).find((name) => /^(VENTURES|WALLS|EXCHANGE|HONEYJAR|STOLEN_TEE)_SETTINGS$/.test(name));
const LOOK_MS = 200;

let strain: Strain = {};
const leaked: unknown[] = [];

if (folder !== undefined && variable !== undefined && isMainThread) start(folder, variable);

function start(notes: string, name: string): void {
  const overrides = existsSync(join(notes, 'settings')) ? JSON.parse(readFileSync(join(notes, 'settings'), 'utf8')) as object : {};
  const settings = { ...JSON.parse(env[name] ?? '{}') as object, ...overrides };
  env[name] = JSON.stringify(settings);
  writeFileSync(join(notes, `${pid}.settings`), JSON.stringify({ entry: argv[1], settings }));
  setInterval(() => {
    strain = readStrain(notes, pid);
  }, LOOK_MS).unref();
  pauseAgainAndAgain();
  subscribe('http.server.request.start', (message) => onRequest((message as { request: IncomingMessage }).request));
  keepTransactionsOpen();
}

function onRequest({ url = '/' }: IncomingMessage): void {
  if (url === '/metrics' || (strain.path !== undefined && !url.includes(strain.path))) return;
  if ((strain.computeMs ?? 0) > 0) compute(strain.computeMs ?? 0);
  if ((strain.blockMs ?? 0) > 0) standStill(strain.blockMs ?? 0);
  // Many small objects, as applications keep them: an array of bytes would lie beside the heap.
  if ((strain.leakBytes ?? 0) > 0) leaked.push(objects(strain.leakBytes ?? 0));
  if ((strain.garbageBytes ?? 0) > 0) objects(strain.garbageBytes ?? 0);
}

function objects(bytes: number): unknown[] {
  return Array.from({ length: Math.ceil(bytes / 64) }, (_, index) => ({ index, of: bytes, next: null }));
}

/** So much of a core, however long others keep it from us. */
function compute(ms: number): void {
  const begin = threadCpuUsage();
  for (let sum = 0; ;) {
    for (let round = 0; round < 20_000; round += 1) sum += Math.sqrt(sum + 1);
    const { user, system } = threadCpuUsage(begin);
    if (user + system >= 1000 * ms) return;
  }
}

function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function pauseAgainAndAgain(): void {
  if ((strain.pauseMs ?? 0) > 0) standStill(strain.pauseMs ?? 0);
  setTimeout(pauseAgainAndAgain, strain.pauseEveryMs ?? LOOK_MS).unref();
}

/** What an application does that calls somebody else between its statements and its commit. */
function keepTransactionsOpen(): void {
  const client = pg.Client.prototype;
  const query = client.query as (this: pg.Client, ...args: unknown[]) => unknown;
  Object.assign(client, {
    query(this: pg.Client, ...args: unknown[]): unknown {
      const holdMs = strain.holdMs ?? 0;
      if (holdMs === 0 || typeof args[0] !== 'string' || args.some((one) => typeof one === 'function')) return query.apply(this, args);
      return (async () => {
        await query.call(this, 'begin');
        try {
          const result = await query.apply(this, args);
          await sleep(holdMs);
          return result;
        } finally {
          await query.call(this, 'commit');
        }
      })();
    },
  });
}
