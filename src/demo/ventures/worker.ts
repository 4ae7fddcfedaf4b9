import { Worker } from 'bullmq';
import { openDatabase } from '../app/database.ts';
import { queueConnection } from '../app/queue-connection.ts';
import { publishJobSchema, QUEUE_NAME } from './queue.ts';
import type { PublishJob, PublishResult } from './queue.ts';
import { readSettings } from './settings.ts';

const CONCURRENCY = 8;

/** Publishing again moves the date: the same request twice leaves one publication and one notification. */
const PUBLISH = `
  with content as (select id, user_id, title from contents where id = $1),
       told as (insert into writes (write_id) select $2::uuid where $2::uuid is not null),
       publication as (
         insert into publications (content_id) select id from content
         on conflict (content_id) do update set published_at = now(), times = publications.times + 1)
  insert into notifications (user_id, kind, subject, text) select user_id, 'published', id, 'Published: ' || title from content
  on conflict (user_id, kind, subject) do update set created_at = now(), is_read = false`;

/** The worker as a process: prints `ready` once it waits for jobs, ends on SIGTERM after the jobs it has. */
const settings = readSettings(process.env);
const database = openDatabase(settings, null);
const worker = new Worker<PublishJob, PublishResult>(
  QUEUE_NAME,
  async (job) => {
    const startedAtMs = performance.now();
    const { contentId, writeId } = publishJobSchema.parse(job.data);
    await database.query(PUBLISH, [contentId, writeId ?? null]);
    return { durationSeconds: (performance.now() - startedAtMs) / 1000 };
  },
  { connection: queueConnection(settings.queueUrl), concurrency: CONCURRENCY },
);
worker.on('error', (error) => process.stderr.write(`${error.message}\n`));
await worker.waitUntilReady();
process.stdout.write('ready\n');
process.once('SIGTERM', () => {
  void worker.close().then(() => database.close()).then(() => process.exit(0));
});
