import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How a server behaves; everything left out is the behaviour of a good server that answers at once. */
export interface Behaviour {
  /** Wait this long before the answer. */
  readonly delayMs?: number;
  /** Every n-th answer takes so long instead. */
  readonly slow?: { readonly every: number; readonly delayMs: number };
  /** Pack every body with gzip, whoever asks. */
  readonly gzip?: boolean;
  /** Say `Connection: close` and close after every answer. */
  readonly connectionClose?: boolean;
  /** Every n-th request gets no answer: the connection is ended (FIN) or reset (RST) after the delay. */
  readonly drop?: { readonly every: number; readonly how: 'fin' | 'rst' };
  /** Every n-th request is never answered, its connection stays open. 1 = accepts and never answers. */
  readonly silentEvery?: number;
  /** Every n-th answer has this status instead of 200. */
  readonly failing?: { readonly every: number; readonly status: number };
  /** Send the body in so many pieces, spread evenly over this time; the first goes out with the head. */
  readonly pieces?: { readonly count: number; readonly overMs: number };
  /** Bytes of the body of an ordinary answer; 20 if left out. */
  readonly bodyBytes?: number;
  /** From so long after the first request no answer leaves for so long; the ones held back go out together at its end. */
  readonly stall?: { readonly atMs: number; readonly forMs: number };
  /** From so long after the first request: every connection reset, port closed, then open again. */
  readonly away?: { readonly atMs: number; readonly forMs: number };
  /** Fixed answers by path, for captures and expectations. They pass through everything above. */
  readonly answers?: Readonly<Record<string, { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }>>;
}

/** What the server saw of one request. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Wall clock, with fractions. */
  readonly arrivedAtMs: number;
  /** Head of the request read (of a connection's first one: connection accepted) → last byte handed to the system; null when no whole answer was given. */
  readonly servedUs: number | null;
  readonly status: number | null;
  readonly end: 'answered' | 'fin' | 'rst' | 'silent' | 'cut' | 'open';
}

/** A real HTTP server in a process of its own, with known behaviour and an honest record. */
export interface BehavingServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** Every request seen so far, in order of arrival. */
  record(): Promise<readonly SeenRequest[]>;
  stop(): Promise<void>;
}

/** Messages to and from the process; the ready one carries the port. */
export type ServerMessage = { readonly type: 'ready'; readonly port: number } | { readonly type: 'record'; readonly requests: readonly SeenRequest[] };

/** Starts the server on a free loopback port. `/echo` answers with the request; `/items`, `/items/N` and `/session` are for captures and cookies. */
export async function startBehavingServer(behaviour: Behaviour = {}): Promise<BehavingServer> {
  const script = fileURLToPath(new URL('./behaving-server-process.ts', import.meta.url));
  const child = fork(script, [JSON.stringify(behaviour)], { serialization: 'advanced' });
  const first = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => { throw new Error(`the behaving server ended with ${String(code)} before it was ready`); }),
  ]);
  const ready = first[0] as ServerMessage; // our own process: it sends nothing but ServerMessage
  if (ready.type !== 'ready') throw new Error('the behaving server did not say which port it has');
  return {
    url: `http://127.0.0.1:${ready.port}`,
    pid: child.pid ?? 0,
    async record() {
      const answered = once(child, 'message');
      child.send('record');
      const message = (await answered)[0] as ServerMessage; // as above
      return message.type === 'record' ? message.requests : [];
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}
