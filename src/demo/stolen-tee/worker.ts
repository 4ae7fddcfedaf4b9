import { openDatabase } from '../app/database.ts';
import { queueConnection } from '../app/queue-connection.ts';
import { workOnImages } from './image-jobs.ts';
import { readSettings } from './settings.ts';

/** A worker for image jobs as a process: prints `ready` once it waits for jobs, ends on SIGTERM after the one it has. */
const settings = readSettings(process.env);
const database = openDatabase(settings, null);
const images = await workOnImages(queueConnection(settings.queueUrl), database, () => {});
process.stdout.write('ready\n');
process.once('SIGTERM', () => {
  void images.close().then(() => database.close()).then(() => process.exit(0));
});
