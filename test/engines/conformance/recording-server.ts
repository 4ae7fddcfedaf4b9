import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { freePort } from '../../../src/process/free-port.ts';

/** One request as it came, in the order of arrival. */
export interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Number of the connection it came on. */
  readonly connection: number;
  /** Who sent it: `/begin` gives the name, and the scenario sends it back in `x-user`. */
  readonly user: string;
  readonly arrivedAtMs: number;
  readonly answeredAtMs: number;
}

export interface RecordingServer extends AsyncDisposable {
  readonly url: string;
  readonly record: readonly Recorded[];
}

/** A server whose answers depend on nothing but the request and, at `/begin`, on how many there were before. */
export async function startRecordingServer(): Promise<RecordingServer> {
  const record: Recorded[] = [];
  const connections = new Map<Socket, number>();
  let users = 0;
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    const arrivedAtMs = performance.now();
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const given = request.headers['x-user'];
      const user = typeof given === 'string' ? given : request.url === '/begin' ? `u${(users += 1)}` : '';
      const answeredAtMs = performance.now();
      record.push({
        method: request.method ?? '', url: request.url ?? '', body: Buffer.concat(pieces).toString(), user, arrivedAtMs, answeredAtMs,
        headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
        connection: connections.get(request.socket) ?? 0,
      });
      // Some time, so that a closed load stays small.
      setTimeout(() => answer(request, response, user), 4);
    });
  });
  let opened = 0;
  server.on('connection', (socket) => {
    connections.set(socket, opened += 1);
    socket.on('error', () => {});
  });
  server.keepAliveTimeout = 60_000;
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${port}`, record,
    async [Symbol.asyncDispose]() {
      for (const socket of connections.keys()) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, user: string): void {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const [, first = '', second = '', ...rest] = path.split('/');
  const json = (value: unknown, headers: Record<string, string | string[]> = {}): void => {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(value));
  };
  switch (first) {
    case 'begin':
      json({ user, number: 7, text: 'hello', list: [{ id: 3 }], deep: { 'odd key': 'odd' }, empty: '', none: null, zero: 0, no: false }, {
        'x-trace': `trace-${user}`,
        'set-cookie': [`session=s-${user}; Path=/; HttpOnly`, 'area=private; Path=/private', 'taken=1; Path=/', `old=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT`],
      });
      return;
    case 'log-in':
      json({ token: 'token-of-before' });
      return;
    case 'take':
      json({ ok: true }, { 'set-cookie': ['taken=; Path=/; Max-Age=0', 'session=second; Path=/'] });
      return;
    case 'redirect':
      // /redirect/<status>/<path…>; on its way it sets a cookie.
      response.writeHead(Number(second), { location: `/${rest.join('/')}`, 'set-cookie': 'way=passed; Path=/' }).end('elsewhere');
      return;
    case 'around':
      response.writeHead(302, { location: '/around' }).end();
      return;
    case 'away':
      response.writeHead(302, { location: 'http://127.0.0.1:9/elsewhere' }).end();
      return;
    case 'packed':
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync('{"packed":"unpacked"}'));
      return;
    case 'nothing':
      response.writeHead(204).end();
      return;
    case 'status':
      response.writeHead(Number(second), { 'content-type': 'text/plain' }).end('status');
      return;
    case 'text':
      response.writeHead(200, { 'content-type': 'text/plain' }).end('no JSON');
      return;
    case 'hang-up':
      request.socket.destroy();
      return;
    default:
      json({ ok: true });
  }
}
