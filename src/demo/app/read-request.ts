import { z } from 'zod';
import { HttpError } from './http-error.ts';

/** A number of the query. Throws HttpError 400 for anything but a whole number from 1 on. */
export function idIn(query: URLSearchParams, name: string): number {
  const id = Number(query.get(name));
  if (!Number.isInteger(id) || id < 1) throw new HttpError(400, `${name}: a whole number is expected`);
  return id;
}

/** A body of the shape expected. Throws HttpError 400 with what is wrong. */
export function readBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (!result.success) throw new HttpError(400, z.prettifyError(result.error));
  return result.data;
}
