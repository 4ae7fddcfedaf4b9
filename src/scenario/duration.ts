const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Long names of units, as artillery takes them, by their short ones. */
const UNIT = /^(?:(ms|msecs?|milliseconds?)|(s|secs?|seconds?)|(m|mins?|minutes?)|(h|hrs?|hours?)|(d|days?))$/i;

/**
 * A time as artillery reads it, in seconds; null when it is none. Whole numbers are seconds, also in quotes;
 * anything else needs a unit, and without one is milliseconds (a bare fraction even becomes 1 ms).
 */
export function secondsOf(value: unknown): number | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  if (value !== '' && Number.isInteger(Number(value))) return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? 0.001 : null;
  const [, amount, name = 'ms'] = /^(-?\d*\.?\d+) *([a-z]+)?$/i.exec(value.trim()) ?? [];
  const unit = UNIT.exec(name);
  if (amount === undefined || unit === null) return null;
  const short = ['ms', 's', 'm', 'h', 'd'][unit.slice(1).findIndex((part) => part !== undefined)] ?? 'ms';
  return (Number(amount) * (UNITS_MS[short] ?? 1)) / 1000;
}
