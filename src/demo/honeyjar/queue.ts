import { z } from 'zod';

/** Enough of the past for a person to look at, little enough for a small Redis. */
export const KEEP_JOBS = 200;

/** A message on its way through the queues; each adds what it found out. */
export const chatJobSchema = z.object({
  batchId: z.string(),
  userId: z.int(),
  threadId: z.int(),
  message: z.string(),
  intent: z.string().optional(),
  titles: z.array(z.string()).optional(),
  cacheTier: z.enum(['memory', 'redis', 'database']).optional(),
});
export type ChatJob = z.infer<typeof chatJobSchema>;
