import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server with a breaking point: so many requests at a time, each for so long; the others wait. */
export interface Breakable {
  readonly servers: number;
  readonly serviceMs: number;
  /** From so many requests in flight on, whoever comes is turned away with 503. */
  readonly refuseFrom?: number;
  /** From so many requests in flight on it answers 500 to everything, for ever. */
  readonly dieFrom?: number;
  /** `/health` answers 503 from so long after the first request on. */
  readonly unhealthyAfterMs?: number;
  /** Of the writes that it acknowledged, every n-th is not kept, every m-th kept twice; 0: none. */
  readonly loseEvery?: number;
  readonly doubleEvery?: number;
  /** PostgreSQL with a table `orders (reference text)` that writes go to; left out: memory, counted at POST /count. */
  readonly database?: string;
}

export interface Counts {
  readonly requests: number;
  readonly inFlight: number;
}

export interface BreakableServer extends AsyncDisposable {
  readonly url: string;
  counts(): Promise<Counts>;
}

export async function startBreakableServer(behaviour: Breakable): Promise<BreakableServer> {
  const child = fork(fileURLToPath(new URL('./breakable-server-process.ts', import.meta.url)), [JSON.stringify(behaviour)]);
  const [ready] = (await once(child, 'message')) as [{ port: number }]; // our own process: its first message is its port
  return {
    url: `http://127.0.0.1:${ready.port}`,
    async counts() {
      const answered = once(child, 'message');
      child.send('counts');
      const [counts] = (await answered) as [Counts]; // as above
      return counts;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
