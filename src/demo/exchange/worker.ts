import { Worker } from 'bullmq';
import { openDatabase } from '../app/database.ts';
import { queueConnection } from '../app/queue-connection.ts';
import { carryOut, mentionSchema } from './operations.ts';
import type { Mention } from './operations.ts';
import { QUEUE_NAME } from './queue.ts';
import type { JobResult } from './queue.ts';
import { reply } from './reply.ts';
import { readSettings } from './settings.ts';

/** A worker as a process: prints `ready` once it waits for mentions, ends on SIGTERM after those it has. */
const { queueUrl, replyMs, concurrency, ...settings } = readSettings(process.env);
if (queueUrl === null) throw new Error('a worker without a queue has nothing to do');
const database = openDatabase(settings, null);
const worker = new Worker<Mention, JobResult>(
  QUEUE_NAME,
  async (job) => {
    const startedAtMs = performance.now();
    const text = await reply(await carryOut(database, mentionSchema.parse(job.data)), replyMs);
    return { reply: text, durationSeconds: (performance.now() - startedAtMs) / 1000 };
  },
  { connection: queueConnection(queueUrl), concurrency },
);
worker.on('error', (error) => process.stderr.write(`${error.message}\n`));
await worker.waitUntilReady();
process.stdout.write('ready\n');
process.once('SIGTERM', () => {
  void worker.close().then(() => database.close()).then(() => process.exit(0));
});
