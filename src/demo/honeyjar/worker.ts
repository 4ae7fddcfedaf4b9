import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { openDatabase } from '../app/database.ts';
import { queueConnection } from '../app/queue-connection.ts';
import { saveBatch } from './batches.ts';
import { chatJobSchema, KEEP_JOBS } from './queue.ts';
import type { ChatJob } from './queue.ts';
import { openRetrieval } from './retrieval.ts';
import { QUEUES, readSettings } from './settings.ts';
import type { QueueName } from './settings.ts';

/** Both sides of the talk at once; a job that is done twice after a crash leaves them once. */
const SAVE_MESSAGES = `
  insert into messages (thread_id, role, text, batch) values ($1, 'user', $2, $4), ($1, 'assistant', $3, $4)
  on conflict (batch, role) do nothing`;

/** A worker as a process: prints `ready` once it waits for jobs, ends on SIGTERM after the jobs it has. */
const settings = readSettings(process.env);
const connection = queueConnection(settings.queueUrl);
const database = openDatabase(settings, null);
const cache = new Redis(settings.cacheUrl, { maxRetriesPerRequest: 3 });
cache.on('error', () => {});
const retrieval = openRetrieval({ database, cache, tiers: settings.tiers, documentStorageMs: settings.documentStorageMs, metrics: null });
const next = new Map(QUEUES.slice(1).map((name) => [name, new Queue<ChatJob>(name, { connection, defaultJobOptions: { removeOnComplete: KEEP_JOBS, removeOnFail: KEEP_JOBS } })]));
for (const queue of next.values()) queue.on('error', () => {});

const WORK: Readonly<Record<QueueName, (job: ChatJob) => Promise<void>>> = {
  intent: async (job) => void (await next.get('rag')?.add('message', { ...job, intent: intentOf(job.message) })),
  rag: async (job) => {
    const { tier, documents } = await retrieval.find(job.message);
    await next.get('openai')?.add('message', { ...job, cacheTier: tier, titles: documents.map(({ title }) => title) });
  },
  openai: async (job) => {
    const startedAtMs = performance.now();
    await sleep(settings.modelMs);
    const reply = replyTo(job);
    await database.query(SAVE_MESSAGES, [job.threadId, job.message, reply, job.batchId]);
    await saveBatch(cache, { batchId: job.batchId, status: 'done', reply, cacheTier: job.cacheTier ?? null, jobSeconds: (performance.now() - startedAtMs) / 1000 });
  },
};

const workers = QUEUES.flatMap((name) => {
  const concurrency = settings.concurrency[name];
  return concurrency === undefined ? [] : [new Worker<ChatJob>(name, async ({ data }) => WORK[name](chatJobSchema.parse(data)), { connection, concurrency })];
});
for (const worker of workers) worker.on('error', (error) => process.stderr.write(`${error.message}\n`));
await Promise.all(workers.map((worker) => worker.waitUntilReady()));
process.stdout.write('ready\n');
process.once('SIGTERM', () => void stop());

async function stop(): Promise<void> {
  await Promise.all(workers.map((worker) => worker.close()));
  await Promise.all([...next.values()].map((queue) => queue.close()));
  cache.disconnect();
  await database.close();
  process.exit(0);
}

/** What a message wants, by its words. */
function intentOf(message: string): string {
  if (/\b(order|buy|price|delivery)\b/i.test(message)) return 'order';
  return /\?|\b(how|what|why|when|which)\b/i.test(message) ? 'question' : 'talk';
}

/** What a language model would word: the documents that were found, for the intent that was recognised. */
function replyTo({ intent, titles, message }: ChatJob): string {
  const found = titles === undefined || titles.length === 0 ? 'nothing in our documents' : titles.join('; ');
  return `You asked (${intent ?? 'talk'}): ${message.slice(0, 120)} — ${found}`;
}
