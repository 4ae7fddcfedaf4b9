import type { Redis } from 'ioredis';
import { z } from 'zod';

/** What became of a message. */
const batchSchema = z.object({
  batchId: z.string(),
  status: z.enum(['working', 'done']),
  reply: z.string().nullable(),
  cacheTier: z.enum(['memory', 'redis', 'database']).nullable(),
  /** Time the model's worker needed, for the application's metrics; null while it works. */
  jobSeconds: z.number().nullable(),
});
export type Batch = z.infer<typeof batchSchema>;

/** Said once for each message that is done, to every instance of the application. */
export const DONE_CHANNEL = 'honeyjar:done';
const KEEP_SECONDS = 600;

export async function saveBatch(redis: Redis, batch: Batch): Promise<void> {
  const text = JSON.stringify(batch);
  await redis.set(`batch:${batch.batchId}`, text, 'EX', KEEP_SECONDS);
  if (batch.status === 'done') await redis.publish(DONE_CHANNEL, text);
}

/** Null for a message nobody knows, or that was forgotten. */
export async function loadBatch(redis: Redis, batchId: string): Promise<Batch | null> {
  const text = await redis.get(`batch:${batchId}`);
  return text === null ? null : readBatch(text);
}

export function readBatch(text: string): Batch {
  return batchSchema.parse(JSON.parse(text));
}
