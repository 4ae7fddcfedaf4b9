import { createServer } from 'node:net';

/**
 * Everything of ours listens below Linux's ephemeral range (32768 up): a port inside it can be taken by any outgoing
 * connection of the load itself between "it was free" and "the server listens".
 */
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_767;
const TRIES = 200;

/** Handed out by this process already; two servers started at the same moment must not be told the same number. */
const handedOut = new Set<number>();

/** A loopback TCP port between 20000 and 32767 that nobody listens on. Throws when 200 random tries were all taken. */
export async function freePort(): Promise<number> {
  for (let i = 0; i < TRIES; i++) {
    const port = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT + 1));
    if (handedOut.has(port)) continue;
    if (await isFree(port)) {
      handedOut.add(port);
      return port;
    }
  }
  throw new Error(`no free port between ${LOWEST_PORT} and ${HIGHEST_PORT} on 127.0.0.1 in ${TRIES} tries`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
