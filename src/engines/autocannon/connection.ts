import type { ErrorKind } from '../../model/interval.ts';
import { isRedirect, MOST_REDIRECTS } from '../redirect.ts';
import { shortageOf, type Shortage } from '../shortage.ts';
import { AfterReading } from './after-reading.ts';
import { refuseWrongCertificate } from './certificate.ts';
import { ON_BODY, ON_HEADERS_COMPLETE, ON_MESSAGE_COMPLETE, type Client } from './client.ts';
import { kindOfConnectionError } from './error-kind.ts';
import { inTurn } from './in-turn.ts';
import { Incoming } from './incoming.ts';
import type { Step } from './program.ts';
import type { VirtualUser } from './virtual-user.ts';

/** What connections report their requests to. Times are `performance.now()` in ms. */
export interface Sink {
  sent(): void;
  answer(slot: number, now: number, kind: ErrorKind | null, status: number, latencyMs: number, ttfbMs: number, bytes: number): void;
  loss(slot: number, now: number, kind: ErrorKind, bytes: number): void;
  lacked(what: Shortage | null): void;
}

/** Pause before a new attempt after a connection that gave no answer at all; without it a server that is away makes a busy loop of 40,000 errors a second. */
const BACK_OFF_MS = 100;

/**
 * One user on one of autocannon's clients, one request at a time, with the measurement in our hands.
 *
 * autocannon's own has to be replaced, not listened to. After any reconnect its client takes the next answer for a
 * request that was lost, so that every latency from then on is wrong; a connection ended without an answer counts as
 * nothing; and it writes the next request onto a connection whose answer said `Connection: close`. So this takes over
 * what sends, what reads an answer, and what reconnects, and leaves it the sockets, the parser and the timer.
 */
export class Connection {
  readonly #client: Client;
  readonly #user: VirtualUser;
  readonly #sink: Sink;
  readonly #open: () => void;
  #step: Step | null = null;
  #sentAt = 0;
  readonly #incoming = new Incoming();
  #unparsed: AfterReading | null = null;
  /** This connection has given a whole answer. */
  #wasUseful = false;
  #error: Error | null = null;
  /** What a redirect asks for, until it is sent: still the same request. */
  #following: Buffer | null = null;
  #redirects = 0;
  #isOpen = false;
  #isStopping = false;
  /** Between two connections. */
  #isWaiting = false;

  /** To be made within `setupClient`, which the client calls before it would open its first connection. */
  constructor(client: Client, user: VirtualUser, sink: Sink, timeoutMs: number) {
    this.#client = client;
    this.#user = user;
    this.#sink = sink;
    const open = client._connect.bind(client);
    this.#open = () => {
      open();
      refuseWrongCertificate(client.conn);
    };
    // autocannon's option takes no less than a second; the timer itself takes anything.
    client.timeout = timeoutMs;
    client.pipelinedRequests = { addByteCount: (bytes) => this.#incoming.read(bytes), clear: () => this.#cut() };
    client._connect = () => this.#connect();
    client._doRequest = () => this.#send();
    const destroyConnection = client._destroyConnection.bind(client);
    client._destroyConnection = () => void (client.conn !== undefined && destroyConnection());
    client.on('connError', (error: Error) => { this.#error = error; });
  }

  /**
   * Opens the connection and sends the first request. Apart from making the client, because making a thousand of them
   * takes a while in which no answer is read: the first requests would seem slow.
   */
  begin(): void {
    if (this.#client.destroyed || this.#isOpen) return;
    this.#isOpen = true;
    this.#open();
  }

  /** Sends nothing more and ends once the request in flight has ended. */
  stop(): void {
    this.#isStopping = true;
    if (this.#step === null) this.#end();
  }

  #end(): void {
    this.#client.destroy();
  }

  /** The client calls this when it is made, and whenever a connection has failed, ended or timed out. */
  #connect(): void {
    if (!this.#isOpen) {
      // Called by the client's own constructor, which has just put its handlers into the parser. Opened by `begin`.
      this.#hookParser();
      return;
    }
    this.#unparsed?.parseNow();
    if (this.#isWaiting || this.#client.destroyed) return;
    const error = this.#error;
    this.#error = null;
    if (this.#step !== null && error === null && this.#client.parser.state === 'BODY_RAW') {
      // An answer without a length lasts until the connection ends: it is whole now.
      this.#client.parser.finish();
      return;
    }
    this.#sink.lacked(shortageOf(error));
    if (this.#step !== null) this.#lose(error === null ? 'closed' : kindOfConnectionError(error));
    this.#reconnect();
  }

  #hookParser(): void {
    const { parser } = this.#client;
    parser[ON_HEADERS_COMPLETE] = (head) => this.#incoming.readHead(head);
    parser[ON_BODY] = (piece, start, length) => {
      if (this.#step?.wantsBody === true) this.#incoming.keep(piece.subarray(start, start + length));
    };
    parser[ON_MESSAGE_COMPLETE] = () => this.#complete();
    this.#unparsed = new AfterReading(parser, () => this.#isWaiting || this.#client.destroyed, () => {
      if (this.#step === null || this.#client.destroyed) return;
      // Not HTTP. autocannon would wait for the time-out.
      this.#lose('closed');
      this.#reconnect();
    });
  }

  #reconnect(): void {
    const { conn, parser } = this.#client;
    // A late error or end of the old connection must not open a second new one.
    for (const event of ['error', 'end', 'data']) conn?.removeAllListeners(event);
    conn?.on('error', () => {});
    conn?.destroy();
    parser.reinitialize('RESPONSE');
    if (this.#isStopping && this.#following === null) {
      this.#end();
      return;
    }
    const waitMs = this.#wasUseful ? 0 : BACK_OFF_MS;
    this.#incoming.closes = false;
    this.#wasUseful = false;
    this.#isWaiting = true;
    const open = (): void => {
      this.#isWaiting = false;
      if (!this.#client.destroyed) this.#open();
    };
    if (waitMs === 0) inTurn(open);
    else setTimeout(open, waitMs);
  }

  #send(): void {
    if (this.#following !== null) {
      this.#follow(this.#following);
      return;
    }
    if (this.#isStopping) {
      this.#end();
      return;
    }
    if (this.#incoming.closes) {
      this.#reconnect();
      return;
    }
    const next = this.#user.next();
    if (next === null) {
      this.#isStopping = true;
      this.#end();
      return;
    }
    this.#step = next.step;
    this.#incoming.reset();
    this.#redirects = 0;
    this.#sentAt = performance.now();
    this.#client.conn?.write(next.bytes);
    this.#client.timeoutTicker.reschedule(this.#client.timeout);
    if (next.step.isMeasured) this.#sink.sent();
  }

  #complete(): void {
    const [step, incoming] = [this.#step, this.#incoming];
    if (step === null) return;
    if (incoming.status < 200) {
      // An interim answer (100, 103): the real one follows.
      incoming.firstByteAt = 0;
      incoming.closes = false;
      return;
    }
    const answer = incoming.take(step.wantsBody);
    if (answer === null) {
      this.#lose('closed');
      this.#reconnect();
      return;
    }
    const next = isRedirect(answer.status) ? this.#user.redirected(answer) : null;
    const isCircle = next !== null && this.#redirects >= MOST_REDIRECTS;
    if (next !== null && !isCircle) {
      this.#redirects += 1;
      this.#follow(next);
      return;
    }
    this.#step = null;
    this.#wasUseful = true;
    const kind = this.#user.answered(answer, isCircle);
    if (step.isMeasured) {
      const { readAt, bytes } = incoming;
      const firstByteAt = incoming.firstByteAt === 0 ? readAt : incoming.firstByteAt;
      this.#sink.answer(step.slot, readAt, kind, answer.status, readAt - this.#sentAt, firstByteAt - this.#sentAt, bytes);
    } else if (kind !== null) this.#blame(step, kind);
    this.#send();
  }

  /** Sends what a redirect asks for; time goes on, and so does the time-out. */
  #follow(bytes: Buffer): void {
    this.#incoming.firstByteAt = 0;
    if (this.#incoming.closes) {
      this.#following = bytes;
      this.#wasUseful = true;
      this.#reconnect();
      return;
    }
    this.#following = null;
    this.#client.conn?.write(bytes);
  }

  /** autocannon clears its queue when the time of a request is up, and when the client is destroyed. */
  #cut(): void {
    if (this.#step !== null && !this.#client.destroyed) this.#lose('timeout');
  }

  #lose(kind: ErrorKind): void {
    const step = this.#step;
    if (step === null) return;
    this.#step = null;
    this.#following = null;
    this.#incoming.forgetBody();
    this.#user.lost(kind);
    if (step.isMeasured) this.#sink.loss(step.slot, performance.now(), kind, this.#incoming.bytes);
    else this.#blame(step, kind);
  }

  /** Without its set-up the measured step cannot be asked: that counts as one failed request of it, or nobody would see it. */
  #blame(step: Step, kind: ErrorKind): void {
    if (step.slot < 0) return;
    this.#sink.sent();
    this.#sink.loss(step.slot, performance.now(), kind, 0);
  }
}
