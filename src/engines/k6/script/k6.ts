/** What of k6 and of our extension the generated script hands to the code beside this file. */

export interface Response {
  /** 0: no whole answer. */
  readonly status: number;
  /** Null without a body, and where none was asked for. */
  readonly body: string | null;
  /** By name as HTTP writes it (`X-Token`); several lines of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
}

/** As few as possible: k6 takes longer to read them than for the rest of its own part. What is the same for all requests is in the options. */
export interface RequestParams {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: number;
  /** Left out where the body is not needed. */
  readonly responseType?: 'text';
}

/** `k6/x/scaleplan`, see extension/module.go. */
export interface Measurement {
  /** Begins a journey and gives its number; -1: the load is over. */
  arrive(): number;
  row(payload: number, turn: number): readonly string[];
  /** Begins a request; false: the load is over. */
  send(slot: number): boolean;
  /** Ends it, and gives the kind of error that it was counted as; empty for a success, `circle` where redirects did not end. Without a fault the status alone decides. */
  done(fault?: string): string;
  blame(slot: number, kind: string): void;
  fail(reason: string): void;
}

export interface Tools {
  readonly http: {
    request(method: string, url: string, body: string | null, params: RequestParams): Response;
    cookieJar(): { set(url: string, name: string, value: string): void; clear(url: string): void };
  };
  readonly sleep: (seconds: number) => void;
  /** A line for k6's log. */
  readonly note: (text: string) => void;
  readonly scaleplan: Measurement;
  readonly env: Readonly<Record<string, string | undefined>>;
}
