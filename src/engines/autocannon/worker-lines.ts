import { ScaleplanError } from '../../errors.ts';
import type { Interval } from '../../model/interval.ts';
import type { Child } from '../../process/child.ts';
import { readMessage, type Go, type WorkerMessage } from './protocol.ts';

/** What a worker says, line by line. */
export class WorkerLines {
  readonly #child: Child;
  readonly #lines: AsyncIterator<string>;
  readonly #silenceMs: number;
  readonly #firstMs: number;

  constructor(child: Child, silenceMs: number, firstMs: number) {
    this.#child = child;
    this.#lines = child.lines[Symbol.asyncIterator]();
    this.#silenceMs = silenceMs;
    this.#firstMs = firstMs;
  }

  write(line: string): void {
    this.#child.write(line);
  }

  /** What `before` captured, once this worker could begin. */
  async ready(): Promise<Go['shared']> {
    const message = await this.#next(this.#firstMs);
    if (message.type === 'ready') return message.shared;
    throw failure(message.type === 'failed' ? message.reason : `it said "${message.type}" before it was asked to begin`, this.#child);
  }

  /** Every second once, in order, until the worker says that it is done; anything else is a failure of the generator. */
  async* intervals(): AsyncGenerator<Interval, void, void> {
    for (let second = 0; ; ) {
      const message = await this.#next(second === 0 ? this.#firstMs : this.#silenceMs);
      if (message.type === 'end') return;
      if (message.type === 'failed') throw failure(message.reason, this.#child);
      if (message.type === 'ready') throw failure('it waits for others, and there are none', this.#child);
      if (message.interval.second !== second) throw failure(`second ${message.interval.second} came where second ${second} was due`, this.#child);
      second += 1;
      yield message.interval;
    }
  }

  async #next(patienceMs: number): Promise<WorkerMessage> {
    const result = await within(this.#lines.next(), patienceMs);
    if (result === 'late') throw failure(`it has said nothing for ${patienceMs / 1000} s`, this.#child);
    if (result.done === true) throw failure(await describeExit(this.#child), this.#child);
    const message = readMessage(result.value);
    if (message === null) throw failure(`it said something that is no interval: ${result.value.slice(0, 200)}`, this.#child);
    return message;
  }
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => { timer = setTimeout(resolve, ms, 'late'); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function describeExit(child: Child): Promise<string> {
  const { code, signal } = await child.exited;
  return signal === null ? `its process ended with code ${code ?? 'unknown'}` : `its process was ended by ${signal}`;
}

function failure(what: string, child: Child): ScaleplanError {
  const said = child.stderrTail().trim();
  return new ScaleplanError('engine-failed', `The load generator autocannon failed: ${what}.`, {
    hint: said === '' ? 'What was measured before is kept; run again, and report it if it happens again.' : `It said:\n${said}`,
  });
}
