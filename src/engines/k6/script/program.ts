import type { RequestStep } from '../../../model/scenario.ts';

/** A request of the generated script, with the row it is counted in; -1: it is set-up and not measured. */
export type ScriptRequest = Omit<RequestStep, 'place'> & { readonly slot: number };

export type ScriptStep =
  | ScriptRequest
  | { readonly type: 'think'; readonly seconds: number }
  | { readonly type: 'loop'; readonly count: number; readonly flow: readonly ScriptStep[] };

/** One step measured alone; what comes before it is its set-up. */
export interface ScriptEndpoint {
  readonly setUp: readonly ScriptRequest[];
  readonly step: ScriptRequest;
  /** How often the step is sent after one set-up; null: until it goes wrong. */
  readonly repeats: number | null;
  /** New variables each time, because nothing of the set-up but its cookies is needed. */
  readonly refreshesVariables: boolean;
}

/** What virtual users do, as JSON within the generated script. */
export interface ScriptProgram {
  readonly target: string;
  readonly timeoutMs: number;
  readonly acceptEncoding: string;
  /** Headers of the scenario, which a step may replace. */
  readonly defaultHeaders: Readonly<Record<string, string>>;
  /** Headers on every request, which win over all others: the name, and the environment variable that holds the value. */
  readonly headers: readonly { readonly name: string; readonly variable: string }[];
  readonly lists: Readonly<Record<string, readonly unknown[]>>;
  /** Columns of each payload; the extension hands out the rows. */
  readonly payloads: readonly (readonly string[])[];
  /** Names of the variables that its templates use. */
  readonly uses: readonly string[];
  readonly before: readonly ScriptStep[];
  readonly journeys: readonly { readonly weight: number; readonly flow: readonly ScriptStep[] }[];
  readonly endpoint: ScriptEndpoint | null;
}
