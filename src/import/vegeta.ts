import { z } from 'zod';
import { errorKind } from './error-kind.ts';
import { loggedResults } from './logged.ts';
import { RequestLog } from './request-log.ts';
import type { Source } from './source.ts';
import { csvRecords, numberIn, textLines, wrongResults } from './text-lines.ts';

const result = z.object({
  attack: z.string().default(''), code: z.int(), timestamp: z.string(), latency: z.number(), bytes_in: z.number(), error: z.string(), method: z.string().default('GET'), url: z.string().default('/'),
});

/** `vegeta encode` (JSON lines) or `vegeta encode -to csv`: every request with its nanoseconds. */
export const vegeta: Source = async (file) => {
  const log = new RequestLog();
  for await (const { attack, code, atMs, latencyNs, bytes, error, method, url } of rowsOf(file)) {
    const isGood = code >= 200 && code < 400 && error === '';
    log.add({
      journey: attack === '' ? 'all' : attack, step: `${method} ${pathOf(url)}`, startedAtMs: atMs, latencyMs: latencyNs / 1e6, ttfbMs: null,
      status: code, error: isGood ? null : errorKind(code, error), bytes,
    });
  }
  return loggedResults(file, log, { tool: 'vegeta', model: 'open', users: null, notes: ['vegeta does not know the first byte: ttfb is not measured'] });
};

interface Row {
  readonly attack: string;
  readonly code: number;
  readonly atMs: number;
  readonly latencyNs: number;
  readonly bytes: number;
  readonly error: string;
  readonly method: string;
  readonly url: string;
}

async function* rowsOf(file: string): AsyncGenerator<Row> {
  for await (const { text, number } of textLines(file)) {
    if (number === 1 && /^\d+,/.test(text)) return yield* csvRowsOf(file);
    if (text.trim() === '') continue;
    if (number === 1 && !text.startsWith('{')) throw wrongResults(`${file}: is vegeta’s binary form, or none of vegeta’s`, 'vegeta encode < results.gob > results.json');
    yield jsonRow(text, file, number);
  }
}

function jsonRow(text: string, file: string, number: number): Row {
  try {
    const { attack, code, timestamp, latency, bytes_in: bytes, error, method, url } = result.parse(JSON.parse(text));
    return { attack, code, atMs: Date.parse(timestamp), latencyNs: latency, bytes, error, method, url };
  } catch (cause) {
    throw wrongResults(`${file}:${number}  is no result of vegeta`, 'vegeta encode < results.gob > results.json; a report (vegeta report) holds no requests.', cause);
  }
}

/** timestamp, code, latency, bytes out, bytes in, error, body, attack, seq, method, url, headers: without a header. */
async function* csvRowsOf(file: string): AsyncGenerator<Row> {
  for await (const { fields, number } of csvRecords(file)) {
    const at = (index: number, what: string): number => numberIn(fields[index], what, file, number);
    yield {
      atMs: at(0, 'timestamp') / 1e6, code: at(1, 'code'), latencyNs: at(2, 'latency'), bytes: at(4, 'bytes in'),
      error: fields[5] ?? '', attack: fields[7] ?? '', method: fields[9] ?? 'GET', url: fields[10] ?? '/',
    };
  }
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}
