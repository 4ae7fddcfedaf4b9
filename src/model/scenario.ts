/** A place in the scenario file, for messages. */
export interface ScenarioPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Takes a value out of an answer; a capture that finds nothing is an error of its step. */
export interface Capture {
  readonly kind: 'json' | 'header' | 'regexp';
  readonly expression: string;
  readonly as: string;
}

/** What an answer must look like to count as a success. */
export interface Expectation {
  readonly statusCode: readonly number[] | null;
  readonly contentType: string | null;
  readonly hasProperty: readonly string[];
}

/** One request of a journey. Strings may hold `{{ variable }}` templates. */
export interface RequestStep {
  readonly type: 'request';
  /** The step's name: the `name` of the request, else `METHOD url`. */
  readonly name: string;
  readonly method: HttpMethod;
  readonly url: string;
  readonly qs: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookie: Readonly<Record<string, string>>;
  readonly body:
    | { readonly type: 'json'; readonly value: unknown }
    | { readonly type: 'form'; readonly value: Readonly<Record<string, string>> }
    | { readonly type: 'text'; readonly value: string }
    | null;
  readonly captures: readonly Capture[];
  readonly expect: Expectation | null;
  readonly place: ScenarioPlace;
}

export type FlowStep =
  | RequestStep
  | { readonly type: 'think'; readonly seconds: number; readonly place: ScenarioPlace }
  | { readonly type: 'log'; readonly text: string; readonly place: ScenarioPlace }
  | { readonly type: 'loop'; readonly count: number; readonly flow: readonly FlowStep[]; readonly place: ScenarioPlace };

export interface Journey {
  readonly name: string;
  readonly weight: number;
  readonly flow: readonly FlowStep[];
  readonly place: ScenarioPlace;
}

export interface Payload {
  /** Absolute path of the CSV file. */
  readonly file: string;
  readonly fields: readonly string[];
  readonly order: 'sequence' | 'random';
  readonly skipHeader: boolean;
  readonly delimiter: string;
}

/** Something that artillery understands and the other engines do not: they refuse the scenario with this place. */
export interface Unsupported {
  readonly place: ScenarioPlace;
  readonly what: string;
}

/**
 * What virtual users do: an Artillery script, read. `file` is what artillery itself runs.
 * `native` scripts run on their own engine alone: `.ts` and `.js` have no journeys here; of YAML with a `processor` the flow is read,
 * so that its requests can be counted.
 */
export interface Scenario {
  readonly file: string;
  readonly native: { readonly engine: 'artillery' | 'k6'; readonly reason: string } | null;
  readonly journeys: readonly Journey[];
  readonly before: readonly FlowStep[];
  readonly variables: Readonly<Record<string, readonly unknown[]>>;
  readonly payloads: readonly Payload[];
  readonly defaultHeaders: Readonly<Record<string, string>>;
  /** `config.http.timeout`, or null where the file does not say. */
  readonly timeoutMs: number | null;
  /** What stands in the file beyond the fields above; absent = nothing. */
  readonly unsupported?: readonly Unsupported[];
  /** `config.phases`, for `--profile as-written`. */
  readonly phases: readonly { readonly durationSeconds: number; readonly arrivalRate: number; readonly rampTo: number | null }[];
}
