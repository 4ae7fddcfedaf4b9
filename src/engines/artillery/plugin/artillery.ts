import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';

/** What of artillery 2.0.34 the plugin touches, as far as it touches it. */
export interface Script {
  readonly config: {
    processor?: unknown;
    readonly phases?: readonly { readonly worker?: number; readonly totalWorkers?: number; readonly arrivalRate?: number }[];
    readonly payload?: readonly { readonly order?: string; data?: readonly unknown[] }[];
    readonly plugins?: Readonly<Record<string, { readonly expectDefault200?: unknown } | undefined>>;
    readonly target?: string;
    defaults?: { headers?: Readonly<Record<string, unknown>> };
    http?: { defaults?: { headers?: Readonly<Record<string, unknown>> } };
  };
  readonly scenarios?: readonly ScenarioSpec[];
}

export type HookName = 'beforeScenario' | 'afterScenario' | 'beforeRequest' | 'onError';

/** `scaleplanJourney` is ours: artillery copies scenarios, so that only what stands in them can be recognised. */
export type ScenarioSpec = { name?: string; flow?: readonly unknown[]; scaleplanJourney?: string } & { [hook in HookName]?: string | string[] };

/** One request; the same object in every hook and in `trace:http:request`. */
export interface RequestParams {
  readonly uuid: string;
  readonly method: string;
  readonly url?: string;
  readonly uri?: string;
  readonly name?: string;
  followRedirect?: boolean | ((response: Pick<Response, 'headers'>) => boolean);
  readonly capture?: unknown;
  readonly match?: unknown;
  readonly expect?: unknown;
}

export interface UserContext {
  readonly _uid: string;
  readonly scenario?: ScenarioSpec;
}

export type Done = (error?: Error | null) => void;
export type Events = Pick<EventEmitter, 'on'>;
export type Response = IncomingMessage & { body?: unknown };

export interface CaptureResult {
  readonly captures: Readonly<Record<string, { readonly failed?: boolean }>>;
  readonly matches: Readonly<Record<string, { readonly success?: boolean; readonly strict?: boolean }>>;
}

export interface ArtilleryGlobal {
  shutdown?: (options: { exitCode: number }) => Promise<void>;
}
