import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

/** The one version whose client we know from the inside; package.json pins it. */
export const SUPPORTED_VERSION = '9.0.0';

/** Keys of http-parser-js under which its handlers stand (fixed since its 0.5; `HTTPParser.kOn…`). */
export const ON_HEADERS_COMPLETE = 2;
export const ON_BODY = 3;
export const ON_MESSAGE_COMPLETE = 4;

/** Head of an answer as the parser gives it. */
export interface AnswerHead {
  readonly statusCode: number;
  /** [name, value, name, value, …] as sent. */
  readonly headers: readonly string[];
  readonly shouldKeepAlive: boolean;
}

/** http-parser-js, as far as we touch it. */
export interface Parser {
  state: string;
  [ON_HEADERS_COMPLETE]: (head: AnswerHead) => void;
  [ON_BODY]: (piece: Buffer, start: number, length: number) => void;
  [ON_MESSAGE_COMPLETE]: () => void;
  /** Gives the fault of an answer that is no HTTP instead of throwing it. */
  execute(chunk: Buffer): number | Error;
  reinitialize(type: 'RESPONSE'): void;
  finish(): unknown;
}

/**
 * autocannon's client from the inside. Its public events cannot give a true latency: it writes the next request onto a
 * connection that is about to close, keeps the lost one in its queue and takes the next answer for it. `setupClient`,
 * its public hook, runs before the first connection is opened, so these few members can be replaced on each client.
 */
export interface Client extends EventEmitter {
  timeout: number;
  readonly destroyed: boolean;
  /** Not there before the first `_connect`. */
  conn: Socket | undefined;
  readonly parser: Parser;
  readonly timeoutTicker: { reschedule(ms: number): void };
  pipelinedRequests: { addByteCount(bytes: number): void; clear(): void };
  _connect(): void;
  _doRequest(): void;
  _destroyConnection(): void;
  destroy(): void;
}

/** Takes what `setupClient` is given for what we know it to be; throws when autocannon is not built that way. */
export function asClient(given: unknown): Client {
  const client = given as Client; // checked member by member below; the version is checked before any load
  const { parser, pipelinedRequests } = client;
  const known = [client._connect, client._doRequest, client._destroyConnection, client.destroy, parser?.execute, parser?.reinitialize, parser?.finish, pipelinedRequests?.clear];
  if (known.some((member) => typeof member !== 'function')) {
    throw new Error(`this autocannon is not built like version ${SUPPORTED_VERSION}: its client lacks a part the measurement rests on`);
  }
  return client;
}
