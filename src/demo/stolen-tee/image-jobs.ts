import { Worker } from 'bullmq';
import type { Job } from 'bullmq';
import { z } from 'zod';
import type { Database } from '../app/database.ts';
import type { QueueConnection } from '../app/queue-connection.ts';
import { cutOut } from './cut-out.ts';
import { QUEUE_NAME } from './settings.ts';

const imageJobSchema = z.object({ id: z.int(), width: z.int() });
export type ImageJob = z.infer<typeof imageJobSchema>;

/** Pictures block the thread they are computed on: more than one at a time would not be faster. */
const CONCURRENCY = 1;

/** Works on image jobs in this process. The same job done twice leaves the same row. */
export async function workOnImages(connection: QueueConnection, database: Database, onDone: (seconds: number) => void): Promise<{ close(): Promise<void> }> {
  const worker = new Worker<ImageJob>(QUEUE_NAME, async (job: Job<ImageJob>) => {
    const startedAtMs = performance.now();
    const { id, width } = imageJobSchema.parse(job.data);
    const picture = cutOut(width, id);
    await database.query('update images set url = $2, bytes = $3 where id = $1', [id, `/cut-outs/${id}.png`, picture.length]);
    onDone((performance.now() - startedAtMs) / 1000);
  }, { connection, concurrency: CONCURRENCY });
  worker.on('error', (error) => process.stderr.write(`${error.message}\n`));
  await worker.waitUntilReady();
  return { close: () => worker.close() };
}
