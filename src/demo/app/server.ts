import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { HttpError } from './http-error.ts';
import type { LoadShedding } from './load-shedding.ts';
import type { AppMetrics } from './metrics.ts';
import { Answer, Page } from './route.ts';
import type { Route } from './route.ts';

const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/;
const MAX_BODY_BYTES = 1_000_000;

interface Outcome {
  readonly route: string;
  readonly status: number;
  readonly body: unknown;
}

/** The HTTP side: finds the route, answers in JSON or with a page, turns errors into a status, and counts. */
export function createAppServer(routes: readonly Route[], metrics: AppMetrics, shedding: LoadShedding): Server {
  const byKey = new Map(routes.map((route) => [`${route.method} ${route.name}`, route]));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/metrics') {
      response.setHeader('content-type', metrics.registry.contentType);
      response.end(await metrics.registry.metrics());
      return;
    }
    const startedAtMs = performance.now();
    const { route, status, body } = await outcomeOf(request);
    metrics.requestSeconds.observe({ route, status }, (performance.now() - startedAtMs) / 1000);
    response.statusCode = status;
    response.setHeader('content-type', body instanceof Page ? 'text/html; charset=utf-8' : 'application/json');
    response.end(body instanceof Page ? body.html : JSON.stringify(body));
  }

  async function outcomeOf(request: IncomingMessage): Promise<Outcome> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const { name, id, uuid } = nameOf(url.pathname);
    const route = byKey.get(`${request.method} ${name}`);
    if (!route) return { route: 'unknown', status: 404, body: { error: `there is no ${request.method} ${url.pathname}` } };
    if (shedding.isOverloaded() && name !== '/health') return { route: name, status: 503, body: { error: 'too busy' } };
    try {
      const body = route.method === 'POST' ? await readJson(request) : null;
      const given = await route.answer({ query: url.searchParams, id, uuid, body });
      return given instanceof Answer ? { route: route.name, status: given.status, body: given.body } : { route: route.name, status: route.status, body: given };
    } catch (error) {
      if (error instanceof HttpError) return { route: route.name, status: error.status, body: { error: error.message } };
      process.stderr.write(`${request.method} ${url.pathname}: ${error instanceof Error ? error.stack : String(error)}\n`);
      return { route: route.name, status: 500, body: { error: 'internal error' } };
    }
  }

  return createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
}

/** `/api/contents/12/publish` → `/api/contents/:id/publish` and 12: the one number that stands alone between slashes. */
function nameOf(path: string): { name: string; id: number; uuid: string } {
  const [uuid] = UUID.exec(path) ?? [];
  if (uuid !== undefined) return { name: path.replace(uuid, ':uuid'), id: 0, uuid };
  const found = /\/(\d{1,9})(?=\/|$)/.exec(path);
  return found ? { name: `${path.slice(0, found.index)}/:id${path.slice(found.index + found[0].length)}`, id: Number(found[1]), uuid: '' } : { name: path, id: 0, uuid: '' };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_BODY_BYTES) throw new HttpError(413, 'the body is too large');
  }
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HttpError(400, 'the body is not JSON', error);
  }
}
