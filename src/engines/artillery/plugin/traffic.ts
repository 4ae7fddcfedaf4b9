import type { ErrorKind } from '../../../model/interval.ts';
import { monotonicUs } from '../wire.ts';
import type { CaptureResult, RequestParams, Response } from './artillery.ts';
import { kindOfHttpError } from './error-kind.ts';
import { expectedStatuses } from './expectation.ts';
import { isRedirect } from '../../redirect.ts';
import { shortageOf } from '../../shortage.ts';
import { isFollowed } from './redirect.ts';
import type { Seconds } from './seconds.ts';

/** One request from its preparation to its end, redirects included. */
export interface Exchange {
  readonly journey: string;
  readonly step: string;
  readonly user: string;
  readonly params: RequestParams;
  /** What must still be heard of before it is known whether the answer is as expected. */
  awaitsCapture: boolean;
  awaitsExpect: boolean;
  sentUs: number;
  firstByteUs: number;
  endedUs: number;
  response: Response | null;
  bytes: number;
  failed: 'capture' | 'expect' | null;
  isCounted: boolean;
}

/** A time-out of artillery's own, or a check of an answer, may come this much later before we decide without it. */
const PATIENCE_US = 1e6;

/**
 * Follows every request: sent when the HTTP client has handed it to a socket (so connecting is in it), ended with the last byte
 * of the body. Every request is counted exactly once.
 */
export class Traffic {
  readonly #seconds: Seconds;
  readonly #timeoutUs: number;
  readonly #open = new Map<string, Exchange>();
  readonly #prepared = new WeakMap<RequestParams, Exchange>();
  /** Bytes read from a socket up to the end of its last answer. */
  readonly #read = new WeakMap<object, number>();
  readonly #onEnd: () => void;
  readonly #noted = new Set<string>();

  constructor(seconds: Seconds, timeoutMs: number, onEnd: () => void) {
    this.#seconds = seconds;
    this.#timeoutUs = timeoutMs * 1000;
    this.#onEnd = onEnd;
  }

  get inFlight(): number {
    return this.#open.size;
  }

  prepare(params: RequestParams, of: Pick<Exchange, 'journey' | 'step' | 'user' | 'awaitsCapture' | 'awaitsExpect'>): void {
    // Written out, not spread: this runs for every request, and the generator's time is the measurement's.
    this.#prepared.set(params, {
      journey: of.journey, step: of.step, user: of.user, params, awaitsCapture: of.awaitsCapture, awaitsExpect: of.awaitsExpect,
      sentUs: 0, firstByteUs: 0, endedUs: 0, response: null, bytes: 0, failed: null, isCounted: false,
    });
  }

  /** Comes once more for every redirect that is followed: that is still the same request. */
  sent(params: RequestParams): void {
    const exchange = this.#prepared.get(params);
    if (exchange === undefined || exchange.sentUs > 0) return;
    exchange.sentUs = nowUs();
    this.#open.set(params.uuid, exchange);
    this.#seconds.sent(exchange.sentUs);
  }

  answered(response: Response, uuid: string): void {
    const exchange = this.#open.get(uuid);
    if (exchange === undefined) return;
    exchange.firstByteUs = nowUs();
    exchange.response = response;
    const { params } = exchange;
    const isLast = !isFollowed(response, params);
    // artillery waits for what follows any 3xx: its virtual user would never end (304, or no `Location`).
    if (isLast && response.statusCode !== undefined && response.statusCode >= 300 && response.statusCode < 400) params.followRedirect = false;
    // At its end the answer has let go of its socket.
    const { socket } = response;
    response.once('end', () => {
      exchange.bytes += this.#bytesOf(socket);
      if (isLast) this.#arrived(exchange);
    });
  }

  /** Returns the virtual user whom artillery ends for it. */
  captured({ captures, matches }: CaptureResult, uuid: string): string | null {
    const exchange = this.#open.get(uuid);
    if (exchange === undefined) return null;
    if (Object.values(matches).some(({ success, strict }) => success === false && strict !== false)) exchange.failed ??= 'expect';
    const missing = Object.entries(captures).find(([, { failed }]) => failed === true)?.[0];
    if (missing !== undefined) {
      exchange.failed ??= 'capture';
      this.#note(exchange, missing);
    }
    const ended = exchange.failed === null ? null : exchange.user;
    exchange.awaitsCapture = false;
    this.#heard(exchange);
    return ended;
  }

  checked(params: RequestParams, isAsExpected: boolean): void {
    const exchange = this.#prepared.get(params);
    if (exchange === undefined) return;
    if (!isAsExpected) exchange.failed = 'expect';
    exchange.awaitsExpect = false;
    this.#heard(exchange);
  }

  /** artillery's client gave up on the request, or reading its answer went wrong. */
  failed(params: RequestParams, error: Error): void {
    const exchange = this.#prepared.get(params);
    if (exchange === undefined || exchange.isCounted) return;
    if (exchange.endedUs > 0) {
      exchange.failed ??= 'capture';
      this.#count(exchange, this.#judge(exchange));
      return;
    }
    this.#seconds.lacked(shortageOf(error));
    this.#count(exchange, kindOfHttpError(error));
  }

  /** Ends what its time has run out for, and decides what nobody spoke of; to be called about once a second. */
  sweep(): void {
    const now = nowUs();
    for (const exchange of this.#open.values()) {
      if (exchange.endedUs > 0) {
        if (now - exchange.endedUs > PATIENCE_US) this.#count(exchange, this.#judge(exchange));
      } else if (now - exchange.sentUs > this.#timeoutUs + PATIENCE_US) {
        this.#count(exchange, 'timeout');
        // artillery limits the time to the first byte only; without this a body that stops half-way would never end.
        exchange.response?.destroy();
      }
    }
  }

  /** The first example of each step, for artillery's log. (Of the body a plugin sees nothing.) */
  #note({ step, response }: Exchange, missing: string): void {
    if (this.#noted.has(step)) return;
    this.#noted.add(step);
    console.error(`scaleplan: the capture of "${missing}" in the step "${step}" found nothing in an answer with status ${response?.statusCode ?? 0}, ${response?.headers['content-type'] ?? 'without a type'}`);
  }

  #arrived(exchange: Exchange): void {
    exchange.endedUs = nowUs();
    this.#heard(exchange);
  }

  #heard(exchange: Exchange): void {
    if (exchange.endedUs > 0 && !exchange.awaitsCapture && !exchange.awaitsExpect) this.#count(exchange, this.#judge(exchange));
  }

  /** What an answer counts as; a status that is an error explains a capture that found nothing, so it comes first. */
  #judge(exchange: Exchange): ErrorKind | null {
    if (exchange.endedUs - exchange.sentUs > this.#timeoutUs) return 'timeout';
    const status = exchange.response?.statusCode ?? 0;
    const expected = exchange.params.expect === undefined ? null : expectedStatuses(exchange.params);
    const isExpected = expected === null ? status < 400 : expected.includes(status);
    if (!isExpected && status >= 500) return 'http-5xx';
    if (!isExpected && status >= 400) return 'http-4xx';
    if (expected === null && isRedirect(status) && exchange.response?.headers.location !== undefined) return exchange.failed ?? 'expect';
    return isExpected ? exchange.failed : 'expect';
  }

  #count(exchange: Exchange, error: ErrorKind | null): void {
    if (exchange.isCounted) return;
    exchange.isCounted = true;
    this.#open.delete(exchange.params.uuid);
    const isWhole = exchange.endedUs > 0;
    const now = nowUs();
    this.#seconds.ended(now, {
      journey: exchange.journey,
      step: exchange.step,
      error,
      status: isWhole ? (exchange.response?.statusCode ?? null) : null,
      bytes: exchange.bytes,
      latencyUs: (isWhole ? exchange.endedUs : now) - exchange.sentUs,
      firstByteUs: exchange.firstByteUs - exchange.sentUs,
    });
    this.#onEnd();
  }

  #bytesOf(socket: Response['socket']): number {
    const read = socket.bytesRead;
    const before = this.#read.get(socket) ?? 0;
    this.#read.set(socket, read);
    return read - before;
  }
}

const CLOCK_OFFSET_US = monotonicUs() - performance.now() * 1000;

/** The machine's monotonic clock in µs, with fractions; cheaper than `hrtime.bigint` for every event. */
export function nowUs(): number {
  return performance.now() * 1000 + CLOCK_OFFSET_US;
}
