import { z } from 'zod';

/** Everything the application and its worker are told from outside, but for the port: it comes as the first argument. */
const settingsSchema = z.object({
  databaseUrl: z.string(),
  applicationName: z.string(),
  /** The most connections the pool opens. */
  poolMax: z.int().min(1),
  /** After this long without a connection of the pool a request is answered with 503. */
  acquireTimeoutMs: z.int(),
  cacheUrl: z.string(),
  queueUrl: z.string(),
  vectorUrl: z.string(),
  collection: z.string(),
  /** Whether dashboards and finance summaries are cached; lists and items always are. */
  cacheReports: z.boolean(),
  /** How long the storage under the report tables lets a report wait; 0 = as fast as this machine is. */
  reportStorageMs: z.int().min(0),
  /** How long each dashboard waits for a synchronous call that holds the event loop without computing; 0 = none. */
  blockMs: z.int().min(0),
  /** CPU time of each cash-flow forecast; 0 = a handful of simulated paths. */
  forecastCpuMs: z.number().min(0),
});

export type AppSettings = z.infer<typeof settingsSchema>;

/** The environment variable the settings come in, as JSON. */
export const SETTINGS_VARIABLE = 'VENTURES_SETTINGS';

export function readSettings(environment: NodeJS.ProcessEnv): AppSettings {
  return settingsSchema.parse(JSON.parse(environment[SETTINGS_VARIABLE] ?? '{}'));
}
