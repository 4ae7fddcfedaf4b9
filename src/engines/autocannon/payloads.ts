import { open, readFile, stat } from 'node:fs/promises';
import { ScaleplanError } from '../../errors.ts';
import type { Payload } from '../../model/scenario.ts';
import { parseCsv, type PayloadRows } from '../../scenario/variables.ts';
import { deal } from '../deal.ts';
import { FileRows } from './file-rows.ts';

/** Up to here the rows are held, which costs nothing for each user; a larger file stays on the disk. */
const MOST_BYTES = 16_000_000;
/** A row is shorter than this, and so is the head of any file that has one. */
const HEAD_BYTES = 65_536;

/** What a worker is told of a payload: its rows, or that it is to read them where they are. */
export type PayloadJob =
  | { readonly kind: 'rows'; readonly fields: readonly string[]; readonly order: Payload['order']; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'file'; readonly payload: Payload; readonly part: { readonly index: number; readonly of: number } };

/** Throws `wrong-scenario` for a payload that cannot be read or has no rows. */
export async function readPayload(payload: Payload): Promise<PayloadJob> {
  const { file, fields, order, delimiter, skipHeader } = payload;
  const size = await stat(file).then((found) => found.size, (cause: unknown) => {
    throw unreadable(file, cause);
  });
  const isLarge = size > MOST_BYTES;
  const text = await (isLarge ? readHead(file) : readFile(file, 'utf8')).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  const rows = parseCsv(text, { delimiter, skipHeader });
  if (rows.length === 0) throw new ScaleplanError('wrong-scenario', `The payload ${file} has no rows.`, { hint: 'Give it at least one row below its header.' });
  return isLarge ? { kind: 'file', payload, part: { index: 0, of: 1 } } : { kind: 'rows', fields, order, rows };
}

/**
 * The part of one of several workers. Rows in turn are dealt out like cards, round after round, so that no two workers use the same one
 * before all have been used; by chance every worker may use all of them.
 */
export function partOf(job: PayloadJob, index: number, of: number): PayloadJob {
  if (job.kind === 'file') return job.payload.order === 'random' ? job : { ...job, part: { index, of } };
  return job.order === 'random' ? job : { ...job, rows: deal(job.rows, index, of) };
}

/** In the worker. */
export function openPayload(job: PayloadJob): PayloadRows {
  if (job.kind === 'rows') return job;
  const { payload, part } = job;
  return { fields: payload.fields, order: payload.order, rows: new FileRows(payload, part) };
}

async function readHead(file: string): Promise<string> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer.subarray(0, bytesRead).toString('utf8');
}

function unreadable(file: string, cause: unknown): ScaleplanError {
  return new ScaleplanError('wrong-scenario', `The payload ${file} cannot be read.`, { hint: 'Check the path in config.payload; it counts from the scenario file.', cause });
}
