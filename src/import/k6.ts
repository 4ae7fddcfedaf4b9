import { z } from 'zod';
import { K6Requests } from './k6-requests.ts';
import type { Source } from './source.ts';
import { csvRows, numberIn, textLines, wrongResults } from './text-lines.ts';

const line = z.object({ type: z.string(), metric: z.string().optional(), data: z.looseObject({}) });
const point = z.object({ time: z.string(), value: z.number(), tags: z.record(z.string(), z.string()).nullable().default({}) });

/** `k6 run --out json=FILE` (also .gz) or `--out csv=FILE`: the samples of every request. */
export const k6: Source = async (file) => {
  const requests = new K6Requests();
  let isCsv = false;
  for await (const { text, number } of textLines(file)) {
    if (number === 1 && text.startsWith('metric_name,')) {
      isCsv = true;
      break;
    }
    if (text.trim() !== '') takeLine(text, requests, file, number);
  }
  if (isCsv) await readCsv(file, requests);
  return requests.results(file, isCsv);
};

function takeLine(text: string, requests: K6Requests, file: string, number: number): void {
  try {
    const { type, metric, data } = line.parse(JSON.parse(text));
    if (type !== 'Point' || metric === undefined) return;
    const { time, value, tags } = point.parse(data);
    requests.take(metric, Date.parse(time), value, tags ?? {});
  } catch (cause) {
    throw wrongResults(`${file}:${number}  is no line of k6’s JSON output`, 'k6 run --out json=FILE writes it; a summary (--summary-export) holds no requests.', cause);
  }
}

async function readCsv(file: string, requests: K6Requests): Promise<void> {
  for await (const { row, number } of csvRows(file, ['metric_name', 'timestamp', 'metric_value'], 'k6’s CSV output')) {
    const written = row.get('timestamp') ?? '';
    // Seconds by default; K6_CSV_TIME_FORMAT asks for others.
    const atMs = /^\d+$/.test(written) ? Number(written) / (written.length > 16 ? 1e6 : written.length > 13 ? 1e3 : written.length > 10 ? 1 : 1e-3) : Date.parse(written);
    if (!Number.isFinite(atMs)) throw wrongResults(`${file}:${number}  timestamp: expected a time, got ${JSON.stringify(written)}`, 'Leave K6_CSV_TIME_FORMAT out.');
    requests.take(row.get('metric_name') ?? '', atMs, numberIn(row.get('metric_value'), 'metric_value', file, number), Object.fromEntries(row));
  }
}
