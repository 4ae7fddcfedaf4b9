import { Queue, QueueEvents } from 'bullmq';
import { z } from 'zod';
import { countJobs } from '../app/count-jobs.ts';
import { HttpError } from '../app/http-error.ts';
import { queueConnection } from '../app/queue-connection.ts';
import type { AppMetrics } from '../app/metrics.ts';

export const QUEUE_NAME = 'publish';

/** Longer than the 2 s people are promised, shorter than a client's patience. */
const JOB_TIMEOUT_MS = 7000;
/** Enough of the past for a person to look at, little enough for a small Redis. */
const KEEP_JOBS = 200;

export const publishJobSchema = z.object({ contentId: z.int(), writeId: z.uuid().optional() });
export type PublishJob = z.infer<typeof publishJobSchema>;
/** What the worker returns. */
export interface PublishResult {
  readonly durationSeconds: number;
}

export interface PublishQueue {
  /** Resolves once the worker has done the job. Throws HttpError 503 when it has not in time. */
  publish(job: PublishJob): Promise<void>;
  close(): Promise<void>;
}

export async function openQueue(url: string, metrics: AppMetrics): Promise<PublishQueue> {
  const connection = queueConnection(url);
  const queue = new Queue<PublishJob, PublishResult>(QUEUE_NAME, {
    connection,
    defaultJobOptions: { removeOnComplete: KEEP_JOBS, removeOnFail: KEEP_JOBS },
  });
  const events = new QueueEvents(QUEUE_NAME, { connection });
  queue.on('error', () => {});
  events.on('error', () => {});
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
  const counting = countJobs([queue], metrics);

  return {
    async publish(data) {
      const job = await queue.add('publish', data);
      try {
        const { durationSeconds } = await job.waitUntilFinished(events, JOB_TIMEOUT_MS);
        metrics.queueJobSeconds.observe(durationSeconds);
        metrics.queueCompleted.inc();
      } catch (error) {
        metrics.queueFailed.inc();
        throw new HttpError(503, 'the publication was not done in time', error);
      }
    },
    async close() {
      counting.stop();
      await events.close();
      await queue.close();
    },
  };
}
