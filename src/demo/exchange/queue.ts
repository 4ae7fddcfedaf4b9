import { Queue, QueueEvents } from 'bullmq';
import { z } from 'zod';
import { countJobs } from '../app/count-jobs.ts';
import { HttpError } from '../app/http-error.ts';
import type { AppMetrics } from '../app/metrics.ts';
import { queueConnection } from '../app/queue-connection.ts';
import type { Mention, MentionKind } from './operations.ts';

export const QUEUE_NAME = 'bot';

/** Longer than the 15 s of today's slowest answers, after which clients give up: it is they who run out of patience, not we. */
const CLAIM_PATIENCE_MS = 20_000;
/** Enough of the past for a person to look at, little enough for a small Redis. */
const KEEP_JOBS = 200;

/** What comes first, and what may wait: without a priority a job is taken before all that have one. */
const ORDER: Readonly<Record<MentionKind, { readonly priority?: number; readonly delay: number }>> = {
  claim: { delay: 0 },
  gift: { priority: 1, delay: 2000 },
  help: { priority: 2, delay: 5000 },
};

export const jobResultSchema = z.object({ reply: z.string(), durationSeconds: z.number() });
/** What a worker returns. */
export type JobResult = z.infer<typeof jobResultSchema>;

export interface MentionQueue {
  /** Resolves once the mention is in the queue. */
  add(mention: Mention): Promise<void>;
  /** Resolves with the reply once a worker is done. Throws HttpError 503 when none is in time. */
  addAndWait(mention: Mention): Promise<string>;
  close(): Promise<void>;
}

export async function openQueue(url: string, metrics: AppMetrics): Promise<MentionQueue> {
  const connection = queueConnection(url);
  const queue = new Queue<Mention, JobResult>(QUEUE_NAME, {
    connection,
    defaultJobOptions: { removeOnComplete: KEEP_JOBS, removeOnFail: KEEP_JOBS, attempts: 3, backoff: { type: 'fixed', delay: 200 } },
  });
  const events = new QueueEvents(QUEUE_NAME, { connection });
  queue.on('error', () => {});
  events.on('error', () => {});
  events.on('completed', ({ returnvalue }) => {
    metrics.queueCompleted.inc();
    const result = jobResultSchema.safeParse(returnvalue);
    if (result.success) metrics.queueJobSeconds.observe(result.data.durationSeconds);
  });
  events.on('failed', () => metrics.queueFailed.inc());
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
  const counting = countJobs([queue], metrics);

  return {
    async add(mention) {
      await queue.add(mention.kind, mention, ORDER[mention.kind]);
    },
    async addAndWait(mention) {
      const job = await queue.add(mention.kind, mention, ORDER[mention.kind]);
      try {
        return (await job.waitUntilFinished(events, CLAIM_PATIENCE_MS)).reply;
      } catch (error) {
        throw new HttpError(503, 'the bot did not get to it in time', error);
      }
    },
    async close() {
      counting.stop();
      await events.close();
      await queue.close();
    },
  };
}
