import { createServer, type Socket } from 'node:net';
import { Connection } from './connection.ts';
import { startInstance } from './instance.ts';
import type { Step } from './program.ts';
import { IntervalRecorder } from './recorder.ts';
import type { VirtualUser } from './virtual-user.ts';

/** Enough for the engine to have compiled what sends and reads; more changes nothing (measured). */
const REQUESTS = 400;
const USERS = 4;
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok';
/** A machine too busy for this many requests to itself in so long cannot measure anyway; the load begins all the same. */
const LIMIT_MS = 2_000;

/**
 * Sends some requests to a server within this process, so that the first ones to the target are not slow because our
 * own code runs for the first time: that cost the first request of each user up to 18 ms. The target is not touched.
 */
export async function warmUp(): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', () => socket.write(ANSWER));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await sendAll(`http://127.0.0.1:${port}`);
  for (const socket of sockets) socket.destroy();
  server.close();
}

async function sendAll(target: string): Promise<void> {
  const step: Step = {
    name: 'warm-up', slot: 0, isMeasured: true, wantsBody: false, expect: null, captures: [],
    build: () => ({ path: '/', bytes: Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n') }),
  };
  const recorder = new IntervalRecorder([{ journey: '', step: '' }], performance.now(), () => {});
  const connections: Connection[] = [];
  await new Promise<void>((resolve, reject) => {
    let left = REQUESTS;
    const user: VirtualUser = {
      next: () => ({ step, bytes: step.build({ variables: {}, cookies: null }).bytes }),
      redirected: () => null,
      answered() {
        left -= 1;
        if (left === 0) resolve();
        return null;
      },
      lost() {},
    };
    startInstance(target, USERS, LIMIT_MS, (client) => {
      const connection = new Connection(client, user, recorder, LIMIT_MS);
      connections.push(connection);
      return connection;
    }, reject);
    setTimeout(resolve, LIMIT_MS).unref();
  });
  for (const connection of connections) connection.stop();
  recorder.finish(performance.now());
}
