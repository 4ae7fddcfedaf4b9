import { setTimeout as sleep } from 'node:timers/promises';

/** Something that is done to the target, and undone. */
export interface Disturbance {
  begin(signal: AbortSignal): Promise<void>;
  /** Null: it is over as soon as it has begun. */
  readonly end: (() => Promise<void>) | null;
}

export interface Conducted {
  readonly beganAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly failure: string | null;
}

export interface Conductor {
  /** Begins it; a second call does nothing. Never rejects: what went wrong is in what `finish` gives. */
  begin(): void;
  /** Ends it, if it goes on, and waits until it is over. May be called again. */
  finish(): Promise<Conducted>;
}

interface ConductOptions {
  readonly lastsSeconds: number;
  /** Ends it at once. */
  readonly signal: AbortSignal;
  /** Told as soon as it has failed to begin: more load proves nothing then. */
  readonly onFailure: () => void;
  readonly nowMs?: () => number;
}

/** Begins a disturbance, lets it last, and ends it, whatever happens in between: what was begun, even half, is ended. */
export function conduct(disturbance: Disturbance, { lastsSeconds, signal, onFailure, nowMs = Date.now }: ConductOptions): Conductor {
  const finished = new AbortController();
  const stop = AbortSignal.any([signal, finished.signal]);
  let conducted: Conducted = { beganAtMs: null, endedAtMs: null, failure: null };
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    conducted = { ...conducted, beganAtMs: nowMs() };
    try {
      await disturbance.begin(stop);
      if (disturbance.end !== null) await sleep(1000 * lastsSeconds, undefined, { signal: stop }).catch(() => {});
    } catch (error) {
      // Stopped half-way is no failure of the experiment's.
      if (!signal.aborted) {
        conducted = { ...conducted, failure: `it could not be begun: ${messageOf(error)}` };
        onFailure();
      }
    }
    await disturbance.end?.().catch((error: unknown) => {
      conducted = { ...conducted, failure: conducted.failure ?? `it could not be ended: ${messageOf(error)}` };
    });
    conducted = { ...conducted, endedAtMs: nowMs() };
  }

  return {
    begin: () => void (running ??= signal.aborted ? Promise.resolve() : run()),
    async finish() {
      finished.abort();
      await running;
      return conducted;
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
