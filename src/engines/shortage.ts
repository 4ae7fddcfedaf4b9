import type { Shortages } from '../model/interval.ts';

/** What this side can run out of before the target has even been asked. */
export type Shortage = keyof Shortages;

const SHORTAGES: Readonly<Record<string, Shortage>> = { EADDRNOTAVAIL: 'ports', EADDRINUSE: 'ports', EMFILE: 'files', ENFILE: 'files' };

/** What kept a connection from being opened; null where it was something else, or nothing. */
export function shortageOf(error: (Error & { readonly code?: string }) | null): Shortage | null {
  return SHORTAGES[error?.code ?? ''] ?? null;
}

/** Counts shortages of one second. */
export class ShortageCount {
  #ports = 0;
  #files = 0;

  add(what: Shortage | null): void {
    if (what === 'ports') this.#ports += 1;
    else if (what === 'files') this.#files += 1;
  }

  /** As a field of the generator's state, which most seconds do not have; begins anew. */
  take(): { readonly shortages?: Shortages } {
    const taken = { ports: this.#ports, files: this.#files };
    this.#ports = 0;
    this.#files = 0;
    return taken.ports + taken.files === 0 ? {} : { shortages: taken };
  }
}
