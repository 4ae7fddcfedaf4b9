import { request as send } from 'node:http';
import type { Agent, IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** An instance that cannot say within this time that it lives is of no use to anybody. */
const HEALTH_TIMEOUT_MS = 2000;
/** Of one connection and not of the request: they are not handed on. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect'];

/** `refused`: there was no connection, so the instance has not seen the request; `broken`: it may have. */
export type Failure = 'refused' | 'broken';

interface Forwarded {
  readonly agent: Agent;
  readonly port: number;
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly response: ServerResponse;
}

/** Sends the request to an instance and its answer to the client; null once it is answered, or nobody is there any more to answer. */
export function forward({ agent, port, request, body, response }: Forwarded): Promise<Failure | null> {
  return new Promise((resolve) => {
    const headers = { ...handedOn(request.headers), ...(body.length > 0 ? { 'content-length': String(body.length) } : {}) };
    const upstream = send({ agent, host: '127.0.0.1', port, method: request.method, path: request.url, headers });
    const leave = (): void => {
      upstream.destroy();
      resolve(null);
    };
    response.once('close', leave);
    upstream.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, handedOn(answer.headers));
      answer.pipe(response);
      // Half an answer cannot be taken back: the client must see that it is not whole.
      answer.once('error', () => response.destroy());
      answer.once('end', () => {
        response.off('close', leave);
        resolve(null);
      });
    });
    upstream.once('error', (error: NodeJS.ErrnoException) => {
      response.off('close', leave);
      if (response.headersSent) response.destroy();
      resolve(response.headersSent || response.destroyed ? null : error.code === 'ECONNREFUSED' ? 'refused' : 'broken');
    });
    upstream.end(body);
  });
}

function handedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}

/** Whether `/health` answers well on a connection of its own. */
export async function isAlive(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
