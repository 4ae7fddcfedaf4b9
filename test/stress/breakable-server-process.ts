import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import pg from 'pg';
import { freePort } from '../../src/process/free-port.ts';
import type { Breakable } from './breakable-server.ts';

const { servers, serviceMs, refuseFrom = Infinity, dieFrom = Infinity, unhealthyAfterMs = Infinity, loseEvery = 0, doubleEvery = 0, database } = JSON.parse(process.argv[2] ?? '{}') as Breakable; // given by breakable-server.ts
const pool = database === undefined ? null : new pg.Pool({ connectionString: database, max: 5 });
const kept: string[] = [];
const waiting: (() => void)[] = [];
let [requests, inFlight, busy, writes, firstAtMs, isDead] = [0, 0, 0, 0, 0, false];

const server = createServer((request, response) => {
  void answer(request, response).catch(() => response.destroy());
});
// A connection per request costs this process more than the request.
server.keepAliveTimeout = 60_000;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/health') return end(response, Date.now() - (firstAtMs || Date.now()) > unhealthyAfterMs ? 503 : 200, '{}');
  const body = await read(request);
  if (request.url === '/count') return end(response, 200, JSON.stringify({ counts: count(body) }));
  firstAtMs ||= Date.now();
  requests += 1;
  inFlight += 1;
  try {
    isDead ||= inFlight >= dieFrom;
    if (isDead) return end(response, 500, '{}');
    if (inFlight > refuseFrom) return end(response, 503, '{}');
    await serve();
    if (request.method === 'POST') await keep((JSON.parse(body) as { reference: string }).reference); // the write of the tests
    end(response, 200, '{"ok":true}');
  } finally {
    inFlight -= 1;
  }
}

async function serve(): Promise<void> {
  if (busy >= servers) await new Promise<void>((resolve) => { waiting.push(resolve); });
  else busy += 1;
  await new Promise((resolve) => { setTimeout(resolve, serviceMs); });
  const next = waiting.shift();
  if (next === undefined) busy -= 1;
  else next();
}

async function keep(reference: string): Promise<void> {
  writes += 1;
  const times = loseEvery > 0 && writes % loseEvery === 0 ? 0 : doubleEvery > 0 && writes % doubleEvery === 0 ? 2 : 1;
  for (let time = 0; time < times; time += 1) {
    if (pool === null) kept.push(reference);
    else await pool.query('insert into orders (reference) values ($1)', [reference]);
  }
}

function count(body: string): Record<string, number> {
  const asked = new Set((JSON.parse(body) as { ids: string[] }).ids); // as --check-url posts it
  const counts: Record<string, number> = {};
  for (const one of kept) if (asked.has(one)) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}

function end(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}

process.on('message', () => process.send?.({ requests, inFlight }));
process.on('disconnect', () => process.exit());
const port = await freePort();
server.listen(port, '127.0.0.1', () => process.send?.({ port }));
