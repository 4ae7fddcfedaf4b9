/** What of k6 and of our extension the generated script hands to the code beside this file. */

export interface Response {
  /** 0: no whole answer. */
  readonly status: number;
  /** Empty where none was asked for. */
  readonly body: string;
  /** By name as HTTP writes it (`X-Token`); several lines of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface RequestParams {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly wantsBody: boolean;
}

/** Made by the extension, for the extension. */
export type Prepared = object;

/**
 * `k6/x/scaleplan`, see extension/module.go. Requests go out by k6's own HTTP client, but not by its `k6/http`, which takes as long to
 * read a request of JavaScript's values as to send it.
 */
export interface Measurement {
  /** Begins a journey and gives its number; -1: the load is over. */
  arrive(): number;
  row(payload: number, turn: number): readonly string[];
  prepare(method: string, url: string, body: string | null, params: RequestParams): Prepared;
  /**
   * Sends a request of which only the status counts, and counts it; `slot` -1: it is set-up and not measured. Gives the kind of error,
   * empty for a success, `circle` where redirects did not end, `over` when the load is over and nothing was sent.
   */
  play(slot: number, prepared: Prepared): string;
  /** The status that `play` was answered with last. */
  status(): number;
  /** Sends a request whose answer is to be looked at; null: the load is over. */
  ask(slot: number, prepared: Prepared): Response | null;
  /** Counts what `ask` gave, and tells the kind as `play` does. */
  done(fault: string): string;
  blame(slot: number, kind: string): void;
  fail(reason: string): void;
}

export interface Tools {
  readonly http: {
    cookieJar(): { set(url: string, name: string, value: string): void; clear(url: string): void };
  };
  readonly sleep: (seconds: number) => void;
  /** A line for k6's log. */
  readonly note: (text: string) => void;
  readonly scaleplan: Measurement;
  readonly env: Readonly<Record<string, string | undefined>>;
}
