/** The answer to INFO: fields by name. A field of several parts (`calls=1,usec=2`) keeps its text; `partOf` reads one. */
export class RedisInfo {
  readonly #fields: ReadonlyMap<string, string>;

  constructor(text: string) {
    this.#fields = new Map(text.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return line.startsWith('#') || colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
    }));
  }

  text(field: string): string | null {
    return this.#fields.get(field) ?? null;
  }

  /** NaN where this server does not tell. */
  number(field: string): number {
    const text = this.#fields.get(field);
    return text === undefined || text === '' ? Number.NaN : Number(text);
  }

  /** One part of a field such as `cmdstat_get:calls=3,usec=12`; 0 where the field is absent: Redis lists only what has happened. */
  partOf(field: string, part: string): number {
    const found = this.#fields.get(field)?.split(',').find((piece) => piece.startsWith(`${part}=`));
    return found === undefined ? 0 : Number(found.slice(part.length + 1));
  }

  /** Calls of all commands and the server time they took, without waiting; our own INFO and SLOWLOG left out. */
  commands(): { calls: number; micros: number } {
    const names = [...this.#fields.keys()].filter((field) => field.startsWith('cmdstat_') && !/^cmdstat_(info|slowlog\b)/.test(field));
    return {
      calls: names.reduce((sum, name) => sum + this.partOf(name, 'calls'), 0),
      micros: names.reduce((sum, name) => sum + this.partOf(name, 'usec'), 0),
    };
  }

  /** Keys in all databases. */
  keys(): number {
    return [...this.#fields.keys()].filter((field) => /^db\d+$/.test(field)).reduce((sum, field) => sum + this.partOf(field, 'keys'), 0);
  }

  /**
   * Whether job queues share the instance, told from the commands it has run: nobody but workers of a queue waits with a blocking pop,
   * and a producer of BullMQ writes its events to a stream from within a script. KEYS or SCAN would be a load of their own.
   */
  hasQueues(): boolean {
    const calls = (command: string): number => this.partOf(`cmdstat_${command}`, 'calls');
    const blockingPops = ['bzpopmin', 'bzpopmax', 'bzmpop', 'blpop', 'brpop', 'blmpop', 'brpoplpush', 'blmove'];
    const isProducer = calls('evalsha') + calls('eval') > 0 && calls('xadd') > 0 && (calls('lpush') > 0 || calls('zadd') > 0);
    return isProducer || blockingPops.some((command) => calls(command) > 0);
  }
}
