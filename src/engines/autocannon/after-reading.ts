import type { Parser } from './client.ts';

/**
 * What one connection has brought, parsed once every socket that has something has been read. Answers come in groups: users whose answers
 * came together send together, and a server that was held up lets go of many at once. To parse an answer and send the next request takes
 * longer than to read one, so that of 50 the last would be read 3 ms late, and this would be counted as the server's.
 */
export class AfterReading {
  readonly #execute: Parser['execute'];
  readonly #isGivenUp: () => boolean;
  readonly #failed: () => void;
  readonly #parseAll = (): void => this.parseNow();
  #chunks: Buffer[] = [];

  /** Puts itself before the parser. `isGivenUp`: nobody reads this connection any more; `failed`: what came is no HTTP. */
  constructor(parser: Parser, isGivenUp: () => boolean, failed: () => void) {
    this.#execute = parser.execute.bind(parser);
    this.#isGivenUp = isGivenUp;
    this.#failed = failed;
    parser.execute = (chunk) => {
      if (this.#chunks.push(chunk) === 1) soon(this.#parseAll);
      return chunk.length;
    };
  }

  /** Where the connection has ended: what it brought before comes first. */
  parseNow(): void {
    if (this.#chunks.length === 0) return;
    const chunks = this.#chunks;
    this.#chunks = [];
    for (const chunk of chunks) {
      if (this.#isGivenUp()) return;
      if (this.#execute(chunk) instanceof Error) this.#failed();
    }
  }
}

let waiting: (() => void)[] = [];

/** Right behind the phase of the event loop in which sockets are read: one turn for all connections. */
function soon(act: () => void): void {
  if (waiting.push(act) === 1) setImmediate(actAll);
}

function actAll(): void {
  const acts = waiting;
  waiting = [];
  for (const act of acts) act();
}
