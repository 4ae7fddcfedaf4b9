import { z } from 'zod';

/** Where entitlements can be: two caches, and two stores that keep them. */
export const LAYERS = ['memory', 'redis', 'postgres', 'files'] as const;
export type LayerName = (typeof LAYERS)[number];

/** Everything the application is told from outside, but for the port: it comes as the first argument. */
const settingsSchema = z.object({
  /** Where a user is looked for, in this order; each falls back to the next. */
  layers: z.array(z.enum(LAYERS)).min(1),
  /** A file for each user. */
  usersFolder: z.string(),
  /** For how long one file keeps its volume busy, one after the other; 0 = the machine's own disk, as fast as it is. */
  volumeReadMs: z.number().min(0),
  /** What is kept in the cache beside each user's entitlements: the history of how they came by them. */
  historyBytes: z.int().min(0),
  /** Rounds that sealing a purchase takes, on the event loop; 0 = purchases are not sealed. */
  sealRounds: z.int().min(0),
  cacheUrl: z.string().nullable(),
  databaseUrl: z.string().nullable(),
  /** The most connections the pool of an instance opens. */
  poolMax: z.int().min(1),
  /** After this long without a connection of the pool the next layer is asked. */
  acquireTimeoutMs: z.int(),
});

export type WallsSettings = z.infer<typeof settingsSchema>;

/** The environment variable the settings come in, as JSON. */
export const SETTINGS_VARIABLE = 'WALLS_SETTINGS';

export function readSettings(environment: NodeJS.ProcessEnv): WallsSettings {
  return settingsSchema.parse(JSON.parse(environment[SETTINGS_VARIABLE] ?? '{}'));
}
