import { ScaleplanError } from '../errors.ts';
import type { Piece } from './spec-stages.ts';

/** A day of seconds; a stage each is as many as engines take. */
const MOST_ROWS = 86_400;

export interface ReplayedTraffic {
  /** Shares of the highest rate. */
  readonly pieces: readonly Piece[];
  /** The highest rate of the file, requests per second. */
  readonly peakPerSec: number;
}

/**
 * Real traffic as a shape: a CSV with a header and two columns, the time (seconds from anywhere, or ISO 8601) and the rate from
 * then on in requests per second. Each row holds until the next one; the last as long as the one before it.
 * Throws `wrong-scenario` with file:line.
 */
export function replayTraffic(file: string, text: string): ReplayedTraffic {
  const rows = text.split(/\r?\n/).map((line, at) => ({ line: at + 1, cells: line.split(/[,;\t]/).map((cell) => cell.trim()) })).filter(({ cells }) => cells.join('') !== '');
  const body = rows.slice(isHeader(rows[0]?.cells) ? 1 : 0);
  if (body.length < 2) throw wrong(file, rows[0]?.line ?? 1, 'there are fewer than two rows of traffic', 'Give each row a time and a rate: 0,12.5');
  if (body.length > MOST_ROWS) throw wrong(file, body[MOST_ROWS]?.line ?? 1, `there are more than ${MOST_ROWS.toLocaleString('en-US')} rows`, 'Sum them up to coarser steps first.');
  const points = body.map(({ line, cells }) => readRow(file, line, cells));
  points.forEach(({ second, line }, at) => {
    const before = points[at - 1];
    if (before !== undefined && second - before.second < 1) throw wrong(file, line, 'its time is not at least one second after the row before', 'Sort the rows by time, one a second at most.');
  });
  const peakPerSec = Math.max(...points.map(({ perSec }) => perSec));
  if (peakPerSec === 0) throw wrong(file, body[0]?.line ?? 1, 'there is no traffic in it: every rate is 0', 'Rates are requests per second.');
  const start = points[0]?.second ?? 0;
  const pieces = points.map(({ second, perSec }, at): Piece => {
    const until = points[at + 1]?.second ?? second + (second - (points[at - 1]?.second ?? second - 1));
    const seconds = Math.round(until - start) - Math.round(second - start);
    return { seconds, from: perSec / peakPerSec, to: perSec / peakPerSec, judged: true };
  });
  return { pieces, peakPerSec };
}

function isHeader(cells: readonly string[] | undefined): boolean {
  return cells !== undefined && cells.length > 1 && Number.isNaN(Number(cells[1]));
}

function readRow(file: string, line: number, cells: readonly string[]): { second: number; perSec: number; line: number } {
  const [time = '', rate = ''] = cells;
  const second = time !== '' && Number.isFinite(Number(time)) ? Number(time) : Date.parse(time) / 1000;
  const perSec = rate === '' ? Number.NaN : Number(rate);
  if (Number.isNaN(second)) throw wrong(file, line, `"${time}" is no time`, 'Write seconds, or a time such as 2026-03-01T09:00:00Z.');
  if (!(perSec >= 0 && Number.isFinite(perSec))) throw wrong(file, line, `"${rate}" is no rate`, 'Write requests per second, 0 or more.');
  return { second, perSec, line };
}

function wrong(file: string, line: number, message: string, hint: string): ScaleplanError {
  return new ScaleplanError('wrong-scenario', `${file}:${line}: ${message}`, { hint, place: { file, line, column: 1 } });
}
