import type { Unit } from './condition.ts';
import { convert, readUnit } from './units.ts';

/** A figure or a range of figures as documents write them; `week` is kept apart, because lead times are counted in it. */
export interface Quantity {
  readonly min: number;
  /** Null for an open end: `10,000+`, `> 1,000,000`. */
  readonly max: number | null;
  readonly unit: Unit | 'week';
}

/** A year has 52 weeks, so that 3 months are 13 weeks: the convention of those who plan by the quarter. */
const WEEKS_PER_MONTH = 52 / 12;

/**
 * Reads `500`, `500-2,000 users`, `10K+`, `$200-500/month`, `3-6 months`, `50-100 requests/min`, `70 %`; null for anything else.
 * What costs money each month is `USD`, whether or not it says so.
 */
export function readQuantity(text: string): Quantity | null {
  const match = /^(?<open>[>≥]\s*)?(?<figures>\$?\d[\d,.]*(?:[KM](?![A-Za-z]))?(?:\s?[-–]\s?\$?\d[\d,.]*(?:[KM](?![A-Za-z]))?)?)(?<plus>\+)?\s*(?<unit>.*)$/u.exec(text.trim());
  const figures = match?.groups?.['figures']?.trim();
  if (match === null || figures === undefined) return null;
  const isMoney = figures.startsWith('$');
  const numbers = figures.split(/\s?[-–]\s?/).map(readFigure);
  const [min, max = min] = numbers;
  if (numbers.length > 2 || min === undefined || max === undefined || min === null || max === null || max < min) return null;
  const isOpen = match.groups?.['open'] !== undefined || match.groups?.['plus'] !== undefined;
  if (isOpen && numbers.length === 2) return null;
  return inUnit(min, isOpen ? null : max, (match.groups?.['unit'] ?? '').trim(), isMoney);
}

function inUnit(min: number, max: number | null, unit: string, isMoney: boolean): Quantity | null {
  const scaled = (scale: (value: number) => number, of: Quantity['unit']): Quantity => ({ min: scale(min), max: max === null ? null : scale(max), unit: of });
  if (isMoney) return unit === '' || /^(?:\/|per )\s?month$/.test(unit) ? scaled((value) => value, 'USD') : null;
  if (unit === '' || unit === 'x') return scaled((value) => value, '1');
  if (/^weeks?$/.test(unit)) return scaled((value) => value, 'week');
  if (/^months?$/.test(unit)) return scaled((value) => value * WEEKS_PER_MONTH, 'week');
  const written = readUnit(unit.replaceAll(/\s/g, ''));
  return written === null ? null : scaled((value) => convert(value, written), written.unit);
}

function readFigure(text: string): number | null {
  const match = /^\$?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?([KM])?$/.exec(text.trim());
  if (match === null) return null;
  const factor = match[3] === 'K' ? 1000 : match[3] === 'M' ? 1_000_000 : 1;
  return Number(`${match[1]?.replaceAll(',', '') ?? ''}${match[2] ?? ''}`) * factor;
}
