import { Counter } from 'prom-client';
import { HttpError } from '../app/http-error.ts';
import type { AppMetrics } from '../app/metrics.ts';
import type { Entry } from './entry.ts';
import type { CacheLayer, Layer, StoreLayer } from './layer.ts';
import type { LayerName } from './settings.ts';

export interface Entitlements {
  /** From the first layer that has it. Throws HttpError 404 for an unknown user, 503 where no layer that could know answers. */
  find(userId: number): Promise<{ readonly entry: Entry; readonly source: LayerName }>;
  /** Adds an entitlement for good. Throws HttpError 404 for an unknown user, 503 where the first store is gone. */
  grant(userId: number, kind: string, id: string): Promise<void>;
}

/** Looks through the layers in their order: one that is out of order is passed over, for the older ones stay behind the newer ones. */
export function openEntitlements(layers: readonly Layer[], metrics: AppMetrics): Entitlements {
  const failures = new Counter({ name: 'layer_failures_total', help: 'Layers that were passed over, by layer', labelNames: ['layer'] as const, registers: [metrics.registry] });
  const caches = layers.filter(isCache);
  const [store, ...backups] = layers.filter(isStore);
  if (store === undefined) throw new Error('there is no layer that keeps anything');

  /** Undefined: it is out of order. */
  async function attempt<T>(layer: Layer, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch {
      failures.inc({ layer: layer.name });
      return undefined;
    }
  }

  return {
    async find(userId) {
      const missed: CacheLayer[] = [];
      let isPassedOver = false;
      for (const layer of layers) {
        const entry = await attempt(layer, () => layer.find(userId));
        if (entry) {
          await Promise.all(missed.map((cache) => attempt(cache, () => cache.keep(entry))));
          return { entry, source: layer.name };
        }
        if (entry === undefined) isPassedOver ||= isStore(layer);
        else if (isCache(layer)) missed.push(layer);
      }
      throw isPassedOver ? new HttpError(503, 'no layer answered that could know') : new HttpError(404, `there is no user ${userId}`);
    },
    async grant(userId, kind, id) {
      // A purchase is answered by the one store that decides: two that took different purchases could not be brought together again.
      const entry = await attempt(store, () => store.grant(userId, kind, id));
      if (entry === undefined) throw new HttpError(503, 'purchases cannot be taken at the moment');
      if (entry === null) throw new HttpError(404, `there is no user ${userId}`);
      await Promise.all([
        ...backups.map((backup) => attempt(backup, () => backup.replace(entry))),
        ...caches.map((cache) => attempt(cache, () => cache.forget(userId))),
      ]);
    },
  };
}

function isCache(layer: Layer): layer is CacheLayer {
  return 'forget' in layer;
}

function isStore(layer: Layer): layer is StoreLayer {
  return 'grant' in layer;
}
