import { ReadAnswer } from './answer.ts';
import type { AnswerHead } from './client.ts';

const NO_HEADERS: readonly string[] = [];

/** The answer that is being read on a connection. Times are `performance.now()` in ms. */
export class Incoming {
  /** Of all answers to the request, redirects included. */
  bytes = 0;
  firstByteAt = 0;
  readAt = 0;
  status = 0;
  /** The last answer said that the server closes. */
  closes = false;
  #headers = NO_HEADERS;
  #pieces: Buffer[] = [];

  /** A request is sent. */
  reset(): void {
    this.bytes = 0;
    this.firstByteAt = 0;
  }

  /** Bytes have come; the parser is given them next. One look at the clock serves the first byte and the last. */
  read(bytes: number): void {
    this.readAt = performance.now();
    if (this.firstByteAt === 0) this.firstByteAt = this.readAt;
    this.bytes += bytes;
  }

  readHead(head: AnswerHead): void {
    this.status = head.statusCode;
    this.#headers = head.headers;
    this.closes = !head.shouldKeepAlive;
  }

  /** A part of a body that somebody wants. */
  keep(piece: Buffer): void {
    this.#pieces.push(piece);
  }

  forgetBody(): void {
    this.#pieces = [];
  }

  /** Null where the body cannot be unpacked. */
  take(wantsBody: boolean): ReadAnswer | null {
    const pieces = wantsBody ? this.#pieces : null;
    if (wantsBody) this.#pieces = [];
    try {
      return new ReadAnswer(this.status, this.#headers, pieces);
    } catch {
      return null;
    }
  }
}
