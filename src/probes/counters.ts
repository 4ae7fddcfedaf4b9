/** How much each counter grew between two readings, and how long that took. */
export interface Growth<Name extends string> {
  readonly seconds: number;
  readonly of: (name: Name) => number;
  readonly perSecond: (name: Name) => number;
}

/** Two readings of a clock closer than this make no rate: noise of the clock would be most of it. */
const SHORTEST_SECONDS = 0.05;

/** Remembers the last reading of a server's counters and turns the next one into growth. */
export class Counters<Name extends string> {
  #before: { readonly atSeconds: number; readonly values: ReadonlyMap<Name, number> } | null = null;

  /**
   * Growth since the last reading. Null at the first one, and where a counter fell back: then the server was restarted, and
   * nobody knows what it counted before. A counter that was absent from the last reading had counted nothing.
   */
  advance(values: ReadonlyMap<Name, number>, atSeconds: number): Growth<Name> | null {
    const before = this.#before;
    if (before !== null && atSeconds - before.atSeconds < SHORTEST_SECONDS && atSeconds >= before.atSeconds) return null;
    this.#before = { atSeconds, values };
    if (before === null || atSeconds < before.atSeconds) return null;
    for (const [name, value] of before.values) {
      if ((values.get(name) ?? value) < value) return null;
    }
    const seconds = atSeconds - before.atSeconds;
    const of = (name: Name): number => (values.get(name) ?? Number.NaN) - (before.values.get(name) ?? 0);
    return { seconds, of, perSecond: (name) => of(name) / seconds };
  }

  /** Forgets the last reading, after a pause of unknown length or a new connection. */
  reset(): void {
    this.#before = null;
  }
}
