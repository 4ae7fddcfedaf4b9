import { z } from 'zod';

/** Everything the application and its workers are told from outside, but for the port: it comes as the first argument. */
const settingsSchema = z.object({
  databaseUrl: z.string(),
  /** Read replicas of the database, for the web pages. */
  replicaUrls: z.array(z.string()),
  applicationName: z.string(),
  /** The most connections a process opens to each database. */
  poolMax: z.int().min(1),
  /** After this long without a connection of the pool a request is answered with 503. */
  acquireTimeoutMs: z.int(),
  /** Null: pages are made anew for everybody. */
  cacheUrl: z.string().nullable(),
  /** Null: the bot does what it is asked for at once, in the request. */
  queueUrl: z.string().nullable(),
  /** How long the storage under the pages lets a query wait, inside PostgreSQL; 0 = as fast as this machine is. */
  pageStorageMs: z.int().min(0),
  /** How long the social network, which stands outside, takes to accept a reply of the bot. */
  replyMs: z.int().min(0),
  /** Mentions a worker works on at once. */
  concurrency: z.int().min(1),
});

export type ExchangeSettings = z.infer<typeof settingsSchema>;

/** The environment variable the settings come in, as JSON. */
export const SETTINGS_VARIABLE = 'EXCHANGE_SETTINGS';

export function readSettings(environment: NodeJS.ProcessEnv): ExchangeSettings {
  return settingsSchema.parse(JSON.parse(environment[SETTINGS_VARIABLE] ?? '{}'));
}
