import { z } from 'zod';

/** The queues a message goes through, in this order. */
export const QUEUES = ['intent', 'rag', 'openai'] as const;
export type QueueName = (typeof QUEUES)[number];

/** Everything the application and its workers are told from outside, but for the port: it comes as the first argument. */
const settingsSchema = z.object({
  databaseUrl: z.string(),
  applicationName: z.string(),
  /** The most connections each process opens. */
  poolMax: z.int().min(1),
  /** After this long without a connection of the pool a request is answered with 503. */
  acquireTimeoutMs: z.int(),
  /** Holds the middle cache tier and what became of each message. */
  cacheUrl: z.string(),
  queueUrl: z.string(),
  /** The cache tiers there are before the database. */
  tiers: z.object({ memory: z.boolean(), redis: z.boolean() }),
  /** Jobs done at once, by queue: that of a worker process; a queue that is missing is worked on by another. */
  concurrency: z.partialRecord(z.enum(QUEUES), z.int().min(1)),
  /** How long the language model takes for an answer. It stands outside, and is waited for. */
  modelMs: z.int().min(0),
  /** How long the storage under the documents lets a retrieval wait, inside PostgreSQL; 0 = as fast as this machine is. */
  documentStorageMs: z.int().min(0),
});

export type AppSettings = z.infer<typeof settingsSchema>;

/** The environment variable the settings come in, as JSON. */
export const SETTINGS_VARIABLE = 'HONEYJAR_SETTINGS';

export function readSettings(environment: NodeJS.ProcessEnv): AppSettings {
  return settingsSchema.parse(JSON.parse(environment[SETTINGS_VARIABLE] ?? '{}'));
}
