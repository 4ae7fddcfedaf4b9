import type { Entry } from './entry.ts';
import type { LayerName } from './settings.ts';

/** A place where entitlements are looked for. Everything it does fails where it is out of order. */
export interface Layer {
  readonly name: LayerName;
  /** Null where it does not know the user. */
  find(userId: number): Promise<Entry | null>;
  close(): Promise<void>;
}

/** Knows what was asked for lately, and may forget it. */
export interface CacheLayer extends Layer {
  keep(entry: Entry): Promise<void>;
  forget(userId: number): Promise<void>;
}

/** Keeps what users may use. */
export interface StoreLayer extends Layer {
  /** Adds an entitlement, once; null where it does not know the user. */
  grant(userId: number, kind: string, id: string): Promise<Entry | null>;
  /** Takes over what the store before it has, so that it can stand in for it. */
  replace(entry: Entry): Promise<void>;
}
