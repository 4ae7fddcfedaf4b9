import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { countJobs } from '../app/count-jobs.ts';
import { HttpError } from '../app/http-error.ts';
import type { AppMetrics } from '../app/metrics.ts';
import { queueConnection } from '../app/queue-connection.ts';
import { DONE_CHANNEL, loadBatch, readBatch, saveBatch } from './batches.ts';
import type { Batch } from './batches.ts';
import { KEEP_JOBS } from './queue.ts';
import type { ChatJob } from './queue.ts';
import { QUEUES } from './settings.ts';
import type { AppSettings } from './settings.ts';

/** Longer than people are promised, shorter than a client's patience. */
const ANSWER_TIMEOUT_MS = 9000;
const FORGET_MS = 120_000;

export interface Chat {
  /** Puts a message into the first queue. */
  send(message: Omit<ChatJob, 'batchId'>): Promise<{ batchId: string }>;
  /** As `send`, and waits for the answer. Throws HttpError 503 when it is not there in time. */
  ask(message: Omit<ChatJob, 'batchId'>): Promise<Batch>;
  status(batchId: string): Promise<Batch>;
  close(): Promise<void>;
}

/** The application's side of the queues: messages go in, and what is done is heard on a channel. */
export async function openChat(settings: AppSettings, redis: Redis, metrics: AppMetrics): Promise<Chat> {
  const connection = queueConnection(settings.queueUrl);
  const queues = QUEUES.map((name) => new Queue<ChatJob>(name, { connection, defaultJobOptions: { removeOnComplete: KEEP_JOBS, removeOnFail: KEEP_JOBS } }));
  const [first] = queues;
  if (first === undefined) throw new Error('there is no queue');
  for (const queue of queues) queue.on('error', () => {});
  const waiting = new Map<string, (batch: Batch) => void>();
  const ears = new Redis(settings.cacheUrl, { maxRetriesPerRequest: null });
  ears.on('error', () => metrics.cacheErrors.inc());
  ears.on('message', (_channel, text) => {
    const batch = readBatch(text);
    const heard = waiting.get(batch.batchId);
    if (heard === undefined) return;
    metrics.queueCompleted.inc();
    if (batch.jobSeconds !== null) metrics.queueJobSeconds.observe(batch.jobSeconds);
    heard(batch);
  });
  await Promise.all([ears.subscribe(DONE_CHANNEL), ...queues.map((queue) => queue.waitUntilReady())]);
  const counting = countJobs(queues, metrics);

  async function start(message: Omit<ChatJob, 'batchId'>, isDone: (batch: Batch) => void): Promise<string> {
    const batchId = randomUUID();
    waiting.set(batchId, (batch) => {
      waiting.delete(batchId);
      isDone(batch);
    });
    // A message whose worker died is never heard of again.
    setTimeout(() => waiting.delete(batchId), FORGET_MS).unref();
    await saveBatch(redis, { batchId, status: 'working', reply: null, cacheTier: null, jobSeconds: null });
    await first?.add('message', { ...message, batchId });
    return batchId;
  }

  return {
    async send(message) {
      return { batchId: await start(message, () => {}) };
    },
    ask: (message) => new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        metrics.queueFailed.inc();
        reject(new HttpError(503, 'the answer was not there in time'));
      }, ANSWER_TIMEOUT_MS);
      start(message, (batch) => {
        clearTimeout(late);
        resolve(batch);
      }).catch(reject);
    }),
    async status(batchId) {
      const batch = await loadBatch(redis, batchId);
      if (batch === null) throw new HttpError(404, `there is no batch ${batchId}`);
      return batch;
    },
    async close() {
      counting.stop();
      ears.disconnect();
      await Promise.all(queues.map((queue) => queue.close()));
    },
  };
}
