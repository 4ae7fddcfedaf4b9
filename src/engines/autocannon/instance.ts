import autocannon from 'autocannon';
import { asClient, type Client } from './client.ts';
import type { Connection } from './connection.ts';

/** autocannon ends its clients at its own duration, in the middle of their requests; ours end when we say so. Near the longest timer there is. */
const NEVER_S = 2_000_000;

/** Connections opened before answers are looked for again. */
const OPENED_AT_ONCE = 10;

/** Starts an instance of autocannon, makes a connection of each of its clients, and opens them in small groups. */
export function startInstance(url: string, count: number, timeoutMs: number, connect: (client: Client) => Connection, failed: (error: Error) => void): void {
  const connections: Connection[] = [];
  const instance = autocannon({
    url, connections: count, duration: NEVER_S, timeout: Math.max(1, Math.ceil(timeoutMs / 1000)),
    setupClient: (given) => void connections.push(connect(asClient(given))),
  });
  instance.catch(failed);
  const openSome = (): void => {
    for (const connection of connections.splice(0, OPENED_AT_ONCE)) connection.begin();
    if (connections.length > 0) setImmediate(openSome);
  };
  setImmediate(openSome);
}
