/** How much each counter grew since it was last read, and how long that took. NaN for one that is not there, or was unknown before. */
export interface Growth<Name extends string> {
  /** Since the last reading. */
  readonly seconds: number;
  /** Since this one was last seen: it may have been left out of some readings. */
  readonly secondsOf: (name: Name) => number;
  readonly of: (name: Name) => number;
  readonly perSecond: (name: Name) => number;
}

interface Known {
  readonly value: number;
  readonly atSeconds: number;
}

/** Two readings of a clock closer than this make no rate: noise of the clock would be most of it. */
const SHORTEST_SECONDS = 0.05;

/** Remembers the last readings of a server's counters and turns the next one into growth. */
export class Counters<Name extends string> {
  /** When the last reading was taken; null: there is none. */
  #atSeconds: number | null = null;
  #known: ReadonlyMap<Name, Known> = new Map();

  /**
   * Growth since the last reading. Null at the first one, and where a counter or the clock fell back: then the server was restarted or
   * its clock was set, and nobody knows what it counted in between. A counter never seen before had counted nothing; one that was left out
   * of some readings goes on from where it was last seen.
   */
  advance(values: ReadonlyMap<Name, number>, atSeconds: number): Growth<Name> | null {
    const beforeSeconds = this.#atSeconds;
    if (beforeSeconds !== null && atSeconds - beforeSeconds < SHORTEST_SECONDS && atSeconds >= beforeSeconds) return null;
    const known = this.#known;
    const isBroken = beforeSeconds === null || atSeconds < beforeSeconds || [...known].some(([name, { value }]) => (values.get(name) ?? value) < value);
    this.#atSeconds = atSeconds;
    const seen = [...values].filter(([name, value]) => !Number.isNaN(value) || !known.has(name)).map(([name, value]) => [name, { value, atSeconds }] as const);
    this.#known = new Map(isBroken ? seen : [...known, ...seen]);
    if (isBroken) return null;
    const before = (name: Name): Known => known.get(name) ?? { value: 0, atSeconds: beforeSeconds };
    const of = (name: Name): number => (values.get(name) ?? Number.NaN) - before(name).value;
    const secondsOf = (name: Name): number => atSeconds - before(name).atSeconds;
    return { seconds: atSeconds - beforeSeconds, secondsOf, of, perSecond: (name) => of(name) / secondsOf(name) };
  }

  /** Forgets the last readings, after a pause of unknown length or a new connection. */
  reset(): void {
    this.#atSeconds = null;
    this.#known = new Map();
  }
}
