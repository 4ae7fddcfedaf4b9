/** Values handed from callbacks to one reader, in order. */
export class Queue<T> {
  readonly #values: T[] = [];
  #isOver = false;
  #wake: () => void = () => {};

  put(value: T): void {
    if (this.#isOver) return;
    this.#values.push(value);
    this.#wake();
  }

  /** What was put before is still read. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async *read(): AsyncGenerator<T, void, void> {
    for (;;) {
      const value = this.#values.shift();
      if (value !== undefined) {
        yield value;
        continue;
      }
      if (this.#isOver) return;
      await new Promise<void>((resolve) => { this.#wake = resolve; });
    }
  }
}
