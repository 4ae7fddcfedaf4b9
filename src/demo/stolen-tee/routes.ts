import { z } from 'zod';
import { readBody } from '../app/read-request.ts';
import { get, post } from '../app/route.ts';
import type { Route } from '../app/route.ts';
import type { Shop } from './shop.ts';

const productId = z.coerce.number().int().positive();
const orderBody = z.object({ productId, size: z.string().min(1).max(10), writeId: z.uuid().nullable().default(null) });
const idsBody = z.object({ ids: z.array(z.uuid()).max(20_000) });
const imageBody = z.object({ productId, width: z.coerce.number().int().min(16).max(1024) });

/** Every endpoint of the shop, by what it answers. */
export function routesOf(shop: Shop): readonly Route[] {
  return [
    get('/health', async () => ({ status: 'ok' })),
    get('/api/products', () => shop.products()),
    get('/api/products/:id', ({ id }) => shop.product(id)),
    post('/api/orders', 201, ({ body }) => {
      const order = readBody(orderBody, body);
      return shop.order(order.productId, order.size, order.writeId);
    }),
    post('/api/writes/count', 200, async ({ body }) => ({ counts: await shop.countOrders(readBody(idsBody, body).ids) })),
    post('/api/images', 202, ({ body }) => {
      const image = readBody(imageBody, body);
      return shop.requestImage(image.productId, image.width);
    }),
    get('/api/images/:id', ({ id }) => shop.image(id)),
  ];
}
