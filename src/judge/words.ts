import type { Unit } from '../model/condition.ts';
import type { Figure } from './figure.ts';

/** `612 ms`, `0.021 %`, `31.7/s`, `1.2 GB`. */
export function sayValue(value: number, unit: Unit): string {
  if (unit === 'USD') return `$${sayNumber(value)}`;
  if (unit === 'B') return sayBytes(value);
  if (unit === '1') return sayNumber(value);
  return unit === '/s' ? `${sayNumber(value)}/s` : `${sayNumber(value)} ${unit}`;
}

/** `612 ms (590–640)`, `0 % (at most 0.063)`, `10,000 ms or more`. */
export function sayFigure({ observed, low, high, censored }: Figure, unit: Unit): string {
  const value = `${sayValue(observed, unit)}${censored ? ' or more' : ''}`;
  if (low === observed && high === observed) return value;
  if (low === null && high === null) return value;
  if (high === null) return `${value} (at least ${sayValue(low ?? 0, unit)})`;
  // Of a share only how large it may be counts; how small a rate may be decides whether a floor holds.
  if (low === null || (low <= 0 && (observed === 0 || unit === '%'))) return `${value} (at most ${sayValue(high, unit)})`;
  return `${value} (${sayValue(low, unit)} to ${sayValue(high, unit)})`;
}

/** `45 s`, `2 min`, `1.5 h`. */
export function saySeconds(seconds: number): string {
  if (seconds >= 7200) return `${sayNumber(seconds / 3600)} h`;
  return seconds >= 120 ? `${sayNumber(seconds / 60)} min` : `${sayNumber(seconds)} s`;
}

export function sayNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000 || Number.isInteger(value)) return Math.round(value).toLocaleString('en-US');
  // Three digits say what a test run can know; so small a share as 0.00042 % still needs its own.
  return String(Number(size < 1e-6 ? value.toFixed(9) : value.toPrecision(size >= 100 ? 4 : 3)));
}

function sayBytes(bytes: number): string {
  const steps: readonly (readonly [number, string])[] = [[1e9, 'GB'], [1e6, 'MB'], [1e3, 'kB']];
  const [size, name] = steps.find(([least]) => bytes >= least) ?? [1, 'B'];
  return `${sayNumber(bytes / size)} ${name}`;
}
