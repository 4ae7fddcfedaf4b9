import { Queue } from 'bullmq';
import type { Cache } from '../app/cache.ts';
import type { Database } from '../app/database.ts';
import { countJobs } from '../app/count-jobs.ts';
import { HttpError } from '../app/http-error.ts';
import type { AppMetrics } from '../app/metrics.ts';
import { queueConnection } from '../app/queue-connection.ts';
import type { ImageJob } from './image-jobs.ts';
import { QUEUE_NAME } from './settings.ts';
import type { ShopSettings } from './settings.ts';

/** As long as the plan's document keeps products. */
const PRODUCTS_TTL_SECONDS = 3600;
const KEEP_JOBS = 200;

export interface Shop {
  products(): Promise<unknown>;
  product(id: number): Promise<unknown>;
  /** `writeId`: of a write that somebody wants to count afterwards. */
  order(productId: number, size: string, writeId: string | null): Promise<{ id: number }>;
  countOrders(writeIds: readonly string[]): Promise<Readonly<Record<string, number>>>;
  requestImage(productId: number, width: number): Promise<{ id: number }>;
  image(id: number): Promise<unknown>;
  close(): Promise<void>;
}

const PRODUCTS = 'select id, name, price::float8 as price, colours, is_featured as "isFeatured" from products where storage_wait($1) order by sales desc limit 60';
const PRODUCT = 'select id, name, price::float8 as price, colours, description from products where id = $1 and storage_wait($2)';

export async function openShop(settings: ShopSettings, database: Database, cache: Cache | null, metrics: AppMetrics): Promise<Shop> {
  const queue = new Queue<ImageJob>(QUEUE_NAME, {
    connection: queueConnection(settings.queueUrl), defaultJobOptions: { removeOnComplete: KEEP_JOBS, removeOnFail: KEEP_JOBS },
  });
  queue.on('error', () => {});
  await queue.waitUntilReady();
  const counting = countJobs([queue], metrics);
  const cached = <T>(key: string, compute: () => Promise<T>): Promise<T> => (cache === null ? compute() : cache.readThrough(key, PRODUCTS_TTL_SECONDS, compute));

  return {
    async products() {
      const products = await cached('products:all', () => database.query(PRODUCTS, [settings.productStorageMs]));
      computeFor(settings.renderMs);
      return products;
    },
    product: (id) => cached(`product:${id}`, async () => found(await database.query(PRODUCT, [id, settings.productStorageMs]), `product ${id}`)),
    async order(productId, size, writeId) {
      const rows = await database.query<{ id: string }>('insert into orders (product_id, size, write_id) select id, $2, $3 from products where id = $1 returning id', [productId, size, writeId]);
      return { id: Number(found(rows, `product ${productId}`).id) };
    },
    async countOrders(writeIds) {
      const rows = await database.query<{ id: string; times: number }>('select write_id as id, count(*)::int as times from orders where write_id = any($1) group by 1', [writeIds]);
      return Object.fromEntries(rows.map(({ id, times }) => [id, times]));
    },
    async requestImage(productId, width) {
      const rows = await database.query<{ id: string }>('insert into images (product_id, width) values ($1, $2) returning id', [productId, width]);
      const id = Number(found(rows, 'image').id);
      await queue.add('cut-out', { id, width });
      return { id };
    },
    async image(id) {
      const { url } = found(await database.query<{ url: string | null }>('select url from images where id = $1', [id]), `image ${id}`);
      return { id, status: url === null ? 'queued' : 'done', url };
    },
    async close() {
      counting.stop();
      await queue.close();
    },
  };
}

function found<T>(rows: readonly T[], what: string): T {
  const [row] = rows;
  if (row === undefined) throw new HttpError(404, `there is no ${what}`);
  return row;
}

/** Keeps the event loop busy for a time rather than with an amount of work: the same on a fast machine and on a slow one. */
function computeFor(durationMs: number): void {
  const until = performance.now() + durationMs;
  for (let sum = 0; performance.now() < until;) sum += Math.sqrt(sum + 1);
}
