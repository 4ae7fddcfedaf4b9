/** Entry of the behaving server's process: `node behaving-server-process.ts '<Behaviour as JSON>'`. */
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Behaviour, SeenRequest, ServerMessage } from './behaving-server.ts';

/** Writable form of a record line while the request lives. */
type Entry = { -readonly [Key in keyof SeenRequest]: SeenRequest[Key] };

const WARM_UP = 'x-warm-up';
const behaviour: Behaviour = JSON.parse(process.argv[2] ?? '{}');
const seen: Entry[] = [];
const sockets = new Set<Socket>();
/** Connections that have not brought a request yet. */
const acceptedAt = new WeakMap<Socket, number>();
let firstAtMs: number | null = null;
let port = 0;

const server = createServer({ keepAlive: true, noDelay: true }, serve);
server.keepAliveTimeout = 60_000;
server.on('connection', (socket) => {
  sockets.add(socket);
  acceptedAt.set(socket, performance.now());
  socket.on('error', () => {});
  socket.on('close', () => sockets.delete(socket));
});
listenSomewhere(50);

process.on('message', (message) => {
  // An answer's own 'finish' may come just after the client has read it.
  if (message === 'record') setTimeout(() => send({ type: 'record', requests: seen }), 30);
});
process.on('disconnect', () => process.exit(0));

function send(message: ServerMessage): void {
  process.send?.(message);
}

/** Loopback, below the ephemeral range, so that no outgoing connection can take the port while the server is away. */
function listenSomewhere(attempts: number): void {
  const wanted = 20_000 + Math.floor(Math.random() * 12_000);
  const failed = (error: Error): void => {
    if (attempts === 0) throw error;
    listenSomewhere(attempts - 1);
  };
  server.once('error', failed);
  server.listen(wanted, '127.0.0.1', 1024, () => {
    server.off('error', failed);
    if (port === 0) void warmUp(wanted).then(() => send({ type: 'ready', port: wanted }));
    port = wanted;
  });
}

/** The time this code takes when it runs for the first time would be missing in the record: it passes before a request is seen. */
async function warmUp(at: number): Promise<void> {
  for (let round = 0; round < 60; round += 1) {
    await new Promise<void>((resolve, reject) => {
      get({ port: at, host: '127.0.0.1', headers: { [WARM_UP]: '1' } }, (answer) => answer.resume().on('end', resolve)).on('error', reject);
    });
  }
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers[WARM_UP] !== undefined) {
    response.setHeader('connection', 'close');
    response.end('ready');
    return;
  }
  const arrived = performance.now();
  if (firstAtMs === null) begin(arrived);
  // A client counts the connect to the request that opened the connection, so its accept belongs to that one here too.
  const began = acceptedAt.get(request.socket) ?? arrived;
  acceptedAt.delete(request.socket);
  const entry: Entry = {
    method: request.method ?? '', url: request.url ?? '', headers: flatten(request), body: '',
    arrivedAtMs: performance.timeOrigin + arrived, servedUs: null, status: null, end: 'open',
  };
  seen.push(entry);
  const number = seen.length;
  request.setEncoding('utf8');
  request.on('data', (piece: string) => { entry.body += piece; });
  response.on('finish', () => {
    entry.servedUs = Math.round((performance.now() - began) * 1000);
    entry.status = response.statusCode;
    entry.end = 'answered';
  });
  response.on('close', () => {
    if (entry.end === 'open') entry.end = 'cut';
  });
  if (isEvery(behaviour.silentEvery, number)) {
    entry.end = 'silent';
    return;
  }
  const waitMs = waitFor(arrived, number);
  const go = (): void => finish(request, response, entry, number);
  if (waitMs > 0) setTimeout(go, waitMs);
  else if (request.method === 'GET') go();
  else request.on('end', go);
}

function begin(now: number): void {
  firstAtMs = now;
  const { away } = behaviour;
  if (away === undefined) return;
  setTimeout(() => {
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
    setTimeout(() => server.listen(port, '127.0.0.1', 1024), away.forMs);
  }, away.atMs);
}

/** The ordinary delay, or what is left of the stall if that is longer. */
function waitFor(now: number, number: number): number {
  const delayMs = behaviour.slow !== undefined && isEvery(behaviour.slow.every, number) ? behaviour.slow.delayMs : (behaviour.delayMs ?? 0);
  const { stall } = behaviour;
  if (stall === undefined || firstAtMs === null) return delayMs;
  const begins = firstAtMs + stall.atMs;
  const ends = begins + stall.forMs;
  const leaves = now + delayMs;
  return leaves >= begins && leaves < ends ? ends - now : delayMs;
}

function finish(request: IncomingMessage, response: ServerResponse, entry: Entry, number: number): void {
  const { drop, failing } = behaviour;
  if (drop !== undefined && isEvery(drop.every, number)) {
    entry.end = drop.how;
    if (drop.how === 'fin') request.socket.end();
    else request.socket.resetAndDestroy();
    return;
  }
  const answer = answerTo(request, entry);
  response.statusCode = failing !== undefined && isEvery(failing.every, number) ? failing.status : answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (behaviour.connectionClose === true) response.setHeader('connection', 'close');
  if (answer.status === 204) {
    response.end();
    return;
  }
  if (behaviour.gzip === true) {
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync(answer.body));
    return;
  }
  response.setHeader('content-length', Buffer.byteLength(answer.body));
  if (behaviour.pieces === undefined) response.end(answer.body);
  else sendInPieces(response, answer.body, behaviour.pieces);
}

function sendInPieces(response: ServerResponse, body: string, { count, overMs }: { count: number; overMs: number }): void {
  const size = Math.ceil(body.length / count);
  let sent = 0;
  const next = (): void => {
    const piece = body.slice(sent * size, (sent + 1) * size);
    sent += 1;
    if (sent >= count) {
      response.end(piece);
      return;
    }
    response.write(piece);
    setTimeout(next, overMs / (count - 1));
  };
  next();
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function answerTo(request: IncomingMessage, entry: Entry): Answer {
  const json = { 'content-type': 'application/json' };
  const path = (request.url ?? '').split('?')[0] ?? '';
  const fixed = behaviour.answers?.[path];
  if (fixed !== undefined) return { status: fixed.status ?? 200, headers: fixed.headers ?? json, body: fixed.body };
  if (path === '/items') {
    const items = Array.from({ length: 10 }, (_, index) => ({ id: 100 + index }));
    return { status: 200, headers: { ...json, 'x-token': 'token-7' }, body: JSON.stringify({ items, token: 'abc' }) };
  }
  const item = /^\/items\/(\d+)$/.exec(path);
  if (item !== null) {
    const known = Number(item[1]) >= 100 && Number(item[1]) < 110;
    return { status: known ? 200 : 404, headers: json, body: JSON.stringify({ id: Number(item[1]) }) };
  }
  if (path === '/echo') return { status: 200, headers: json, body: JSON.stringify(entry) };
  if (path === '/session') return { status: 200, headers: { ...json, 'set-cookie': `session=s${seen.length}; Path=/; HttpOnly` }, body: '{"ok":true}' };
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(behaviour.bodyBytes ?? 20) };
}

function flatten(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
}

function isEvery(every: number | undefined, number: number): boolean {
  return every !== undefined && number % every === 0;
}
