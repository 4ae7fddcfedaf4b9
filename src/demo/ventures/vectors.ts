import { z } from 'zod';
import { HttpError } from '../app/http-error.ts';

/** Longer than the 5 s people are promised, and shorter than the 8 s after which HTTP agents drop a silent connection. */
const SEARCH_TIMEOUT_MS = 7000;

export interface VectorPoint {
  readonly id: number;
  readonly vector: readonly number[];
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A client of Qdrant's REST interface, or of anything that speaks it. */
export interface VectorClient {
  createCollection(dimensions: number): Promise<void>;
  deleteCollection(): Promise<void>;
  upsert(points: readonly VectorPoint[]): Promise<void>;
  /** Ids of the nearest points. Throws HttpError 503 when the service does not answer in time. */
  search(vector: readonly number[], limit: number): Promise<number[]>;
}

const searchAnswer = z.object({ result: z.array(z.object({ id: z.int() })) });

export function openVectors(url: string, collection: string): VectorClient {
  async function send(method: string, path: string, body?: unknown, timeoutMs = 30_000): Promise<unknown> {
    const response = await fetch(`${url}/collections/${collection}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new HttpError(503, `vector search answered ${response.status}: ${JSON.stringify(answer).slice(0, 200)}`);
    return answer;
  }

  return {
    async createCollection(dimensions) {
      await send('PUT', '', { vectors: { size: dimensions, distance: 'Cosine' } });
    },
    async deleteCollection() {
      await send('DELETE', '');
    },
    async upsert(points) {
      await send('PUT', '/points?wait=true', { points });
    },
    async search(vector, limit) {
      try {
        const answer = await send('POST', '/points/search', { vector, limit, with_payload: false }, SEARCH_TIMEOUT_MS);
        return searchAnswer.parse(answer).result.map(({ id }) => id);
      } catch (error) {
        throw error instanceof HttpError ? error : new HttpError(503, 'vector search did not answer in time', error);
      }
    },
  };
}
