import { z } from 'zod';

export const QUEUE_NAME = 'images';

/** Everything the shop and its worker are told from outside, but for the port: it comes as the first argument. */
const settingsSchema = z.object({
  databaseUrl: z.string(),
  applicationName: z.string(),
  poolMax: z.int().min(1),
  acquireTimeoutMs: z.int(),
  /** Redis for what is often asked; null: every page comes from the database. */
  cacheUrl: z.string().nullable(),
  queueUrl: z.string(),
  /** Whether this process works on image jobs as well, as a single instance does. */
  worksOnImages: z.boolean(),
  /** How long the storage under the products lets a query wait, inside PostgreSQL; 0 = as fast as this machine is. */
  productStorageMs: z.int().min(0),
  /** Time that one list of products computes on the event loop beside its query; 0 = none. */
  renderMs: z.int().min(0),
  /** What this process keeps for ever, up to this size; 0 = nothing leaks. */
  leakBytes: z.int().min(0),
});

export type ShopSettings = z.infer<typeof settingsSchema>;

/** The environment variable the settings come in, as JSON. */
export const SETTINGS_VARIABLE = 'STOLEN_TEE_SETTINGS';

export function readSettings(environment: NodeJS.ProcessEnv): ShopSettings {
  return settingsSchema.parse(JSON.parse(environment[SETTINGS_VARIABLE] ?? '{}'));
}
