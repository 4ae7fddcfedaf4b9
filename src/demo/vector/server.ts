import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { createCollection, createMemoryCollection } from './collection.ts';
import type { Collection } from './collection.ts';
import { diskVectors } from './disk-vectors.ts';
import { metricsText } from './metrics-text.ts';
import { readProcessFacts } from './process-facts.ts';
import { countAnswers } from './rest-statistics.ts';

export interface VectorServiceSettings {
  /** For collections kept on disk. */
  readonly folder: string;
  /** Throughput of the volume the vectors are read from at every search; null keeps them in memory. */
  readonly diskBytesPerSec: number | null;
}

interface Entry {
  readonly collection: Collection;
  cpuNs: number;
  vectorBytesWritten: number;
}

interface Answer {
  readonly status: number;
  readonly result: unknown;
}

const createBody = z.object({ vectors: z.object({ size: z.int().min(1).max(65_536) }) });
const pointsBody = z.object({
  points: z.array(z.object({ id: z.int().min(0), vector: z.array(z.number()), payload: z.record(z.string(), z.unknown()).default({}) })),
});
const limit = z.int().min(1).default(10);
const searchBody = z.object({ vector: z.array(z.number()), limit });
const queryBody = z.object({ query: z.array(z.number()), limit });

/** Speaks the part of Qdrant's REST interface that the reference application uses, with its answers and its metrics. */
export function createVectorService(settings: VectorServiceSettings): Server {
  const entries = new Map<string, Entry>();
  const statistics = countAnswers();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAtMs = performance.now();
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (path === '/metrics') {
      const collections = [...entries.values()].map((entry) => ({
        name: entry.collection.name, points: entry.collection.count(),
        cpuNs: entry.cpuNs, vectorBytesWritten: entry.vectorBytesWritten,
      }));
      response.setHeader('content-type', 'text/plain; charset=utf-8');
      response.end(metricsText(collections, statistics.endpoints(), readProcessFacts()));
      return;
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const route = path.match(/^\/collections\/([\w-]+)(\/points(?:\/search|\/query)?)?$/);
    const answer = await answerTo(request, route?.[1] ?? '', route ? (route[2] ?? '') : null, gone.signal);
    const seconds = (performance.now() - startedAtMs) / 1000;
    // Qdrant's own list of measured endpoints leaves out the management of collections.
    if (route?.[2] !== undefined) statistics.record(request.method ?? 'GET', `/collections/{collection_name}${route[2]}`, answer.status, seconds);
    response.statusCode = answer.status;
    response.setHeader('content-type', 'application/json');
    const isGood = answer.status === 200;
    response.end(JSON.stringify({ ...(isGood ? { result: answer.result } : {}), status: isGood ? 'ok' : { error: answer.result }, time: seconds }));
  }

  async function answerTo(request: IncomingMessage, name: string, action: string | null, signal: AbortSignal): Promise<Answer> {
    const body = await readJson(request);
    if (action === null) return { status: 404, result: 'Not found' };
    if (request.method === 'PUT' && action === '') return create(name, body);
    const entry = entries.get(name);
    if (!entry) return { status: 404, result: `Not found: Collection \`${name}\` doesn't exist!` };
    if (request.method === 'GET' && action === '') return { status: 200, result: { status: 'green', points_count: entry.collection.count() } };
    if (request.method === 'DELETE' && action === '') return remove(entry);
    if (request.method === 'PUT' && action === '/points') return upsert(entry, body);
    if (request.method === 'POST' && action === '/points/search') return search(entry, searchBody.safeParse(body).data, signal);
    if (request.method === 'POST' && action === '/points/query') {
      const query = queryBody.safeParse(body).data;
      const answer = await search(entry, query && { vector: query.query, limit: query.limit }, signal);
      return answer.status === 200 ? { status: 200, result: { points: answer.result } } : answer;
    }
    return { status: 404, result: 'Not found' };
  }

  async function create(name: string, body: unknown): Promise<Answer> {
    const wanted = createBody.safeParse(body);
    if (!wanted.success) return { status: 400, result: `Format error in JSON body: ${wanted.error.issues[0]?.message ?? 'unreadable'}` };
    if (entries.has(name)) return { status: 409, result: `Wrong input: Collection \`${name}\` already exists!` };
    const { size } = wanted.data.vectors;
    const collection = settings.diskBytesPerSec === null
      ? createMemoryCollection(name, size)
      : createCollection(name, await diskVectors(join(settings.folder, `${name}.vectors`), size, settings.diskBytesPerSec));
    entries.set(name, { collection, cpuNs: 0, vectorBytesWritten: 0 });
    return { status: 200, result: true };
  }

  async function remove({ collection }: Entry): Promise<Answer> {
    entries.delete(collection.name);
    await collection.close();
    return { status: 200, result: true };
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.once('close', () => {
    for (const { collection } of entries.values()) void collection.close();
  });
  return server;
}

async function upsert(entry: Entry, body: unknown): Promise<Answer> {
  const wanted = pointsBody.safeParse(body);
  if (!wanted.success) return { status: 400, result: `Format error in JSON body: ${wanted.error.issues[0]?.message ?? 'unreadable'}` };
  const { dimensions } = entry.collection;
  const wrong = wanted.data.points.find(({ vector }) => vector.length !== dimensions);
  if (wrong) return wrongDimension(dimensions, wrong.vector.length);
  await entry.collection.upsert(wanted.data.points);
  entry.vectorBytesWritten += wanted.data.points.length * dimensions * Float32Array.BYTES_PER_ELEMENT;
  return { status: 200, result: { operation_id: 0, status: 'completed' } };
}

async function search(entry: Entry, wanted: z.infer<typeof searchBody> | undefined, signal: AbortSignal): Promise<Answer> {
  if (!wanted) return { status: 400, result: 'Format error in JSON body: a vector of numbers is expected' };
  if (wanted.vector.length !== entry.collection.dimensions) return wrongDimension(entry.collection.dimensions, wanted.vector.length);
  const before = process.cpuUsage();
  const found = await entry.collection.search(wanted.vector, wanted.limit, signal);
  const used = process.cpuUsage(before);
  entry.cpuNs += (used.user + used.system) * 1000;
  return { status: 200, result: found };
}

function wrongDimension(expected: number, got: number): Answer {
  return { status: 400, result: `Wrong input: Vector dimension error: expected dim: ${expected}, got ${got}` };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return null;
  }
}
