import { didYouMean } from './nearest.ts';
import type { Aggregate, Comparison, Unit } from './condition.ts';
import type { Metric, MetricName } from './metrics.ts';
import { TextFault } from './scanner.ts';
import type { Scanner } from './scanner.ts';
import { convert, readUnit, unitNames } from './units.ts';
import type { WrittenUnit } from './units.ts';

/** A metric as it was written, with its row of the registry. */
export interface NamedMetric {
  readonly name: MetricName;
  readonly metric: Metric;
  readonly aggregate: Aggregate | null;
}

/** The right-hand side as it was written, before it is known whether it fits. */
type WrittenLimit =
  | { readonly kind: 'relative'; readonly column: number; readonly base: 'reference' | 'baseline'; readonly factor: number }
  | { readonly kind: 'absolute'; readonly column: number; readonly value: number; readonly unit: { readonly column: number; readonly text: string } | null };

type Settled = Pick<Comparison, 'value' | 'relativeTo' | 'unit'>;

const NUMBER = /[-−]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[eE][+-]?\d+)?/;

/** Reads `200 ms`, `$5`, `3 x reference` or `baseline ± 10 %`. */
export function readLimit(scanner: Scanner): WrittenLimit {
  const column = scanner.column();
  const base = takeBase(scanner);
  if (base !== null) return { kind: 'relative', column, base, factor: readShift(scanner) };
  const dollar = scanner.take(/\$/);
  const value = readNumber(scanner);
  if (dollar !== null) return { kind: 'absolute', column, value, unit: { column, text: '$' } };
  if (scanner.take(/(?:x|×)(?![\w/])/) !== null) {
    const baseColumn = scanner.column();
    const shown = scanner.next();
    const of = takeBase(scanner);
    if (of === null) throw new TextFault(baseColumn, `expected reference or baseline, got ${shown}`);
    return { kind: 'relative', column, base: of, factor: value };
  }
  return { kind: 'absolute', column, value, unit: takeUnit(scanner) };
}

/** Converts to canonical units; a unit that does not fit the metric, or a value it cannot have, is a fault. */
export function settleLimit(limit: WrittenLimit, named: NamedMetric, counted: boolean): Settled {
  if (limit.kind === 'relative') {
    if (limit.factor <= 0) throw new TextFault(limit.column, 'expected a multiple above 0');
    return { value: limit.factor, relativeTo: limit.base, unit: '1' };
  }
  const { name, metric } = named;
  const isQuery = metric.scopes === null;
  const wanted: Unit = counted && metric.form === 'rate' ? '1' : metric.unit;
  const written = writtenUnit(limit, isQuery);
  if (isQuery && limit.unit !== null) {
    throw new TextFault(limit.unit.column, `${name} is compared as its query gives it; write the number without a unit`);
  }
  if (written === null && wanted !== '1' && !(wanted === '/s' && limit.value === 0)) {
    throw new TextFault(limit.column, `${name} needs a unit: ${EXPECTED[wanted]}${metric.form === 'rate' ? ', or a count with "in", such as 10 in 1 min' : ''}`);
  }
  if (written !== null && written.unit !== wanted) throw new TextFault(limit.unit?.column ?? limit.column, misfit(limit.unit?.text ?? '', named, counted, wanted));
  const value = written === null ? limit.value : convert(limit.value, written);
  if (value < 0 && !isQuery) throw new TextFault(limit.column, `${name} is never negative`);
  if (metric.most !== null && value > metric.most) throw new TextFault(limit.column, `${name} is a share: it never exceeds ${metric.most} %`);
  return { value, relativeTo: null, unit: wanted };
}

function writtenUnit(limit: Extract<WrittenLimit, { kind: 'absolute' }>, isQuery: boolean): WrittenUnit | null {
  if (limit.unit === null || isQuery) return null;
  const known = readUnit(limit.unit.text);
  if (known !== null) return known;
  throw new TextFault(limit.unit.column, `unknown unit "${limit.unit.text}"${didYouMean(limit.unit.text, unitNames())}`);
}

function misfit(text: string, { name, metric }: NamedMetric, counted: boolean, wanted: Unit): string {
  if (counted && metric.form === 'rate') return `with "in", ${name} is counted: write a number of events instead of "${text}"`;
  return `the unit "${text}" does not fit ${name}; expected ${EXPECTED[wanted]}`;
}

const EXPECTED: Readonly<Record<Unit, string>> = {
  ms: 'a time (ms, s, min, h, d)', '%': 'a percentage (%)', '/s': 'a rate (/s, /min, req/s, requests/min)',
  B: 'a size (B, KB, MB, GB, KiB, MiB, GiB)', '1': 'a count without a unit', USD: 'an amount ($)',
};

function readNumber(scanner: Scanner): number {
  const column = scanner.column();
  const shown = scanner.next();
  const written = scanner.take(NUMBER);
  if (written === null) throw new TextFault(column, `expected a number, "n x reference" or "baseline + n %", got ${shown}`);
  const value = Number(written.replaceAll(',', '').replace('−', '-'));
  if (!Number.isFinite(value)) throw new TextFault(column, 'the number is too large');
  return value;
}

function takeBase(scanner: Scanner): 'reference' | 'baseline' | null {
  const word = scanner.take(/(?:reference|baseline)\b/);
  return word === 'reference' || word === 'baseline' ? word : null;
}

/** `+ 10 %` → 1.1; nothing → 1. */
function readShift(scanner: Scanner): number {
  const sign = scanner.take(/[-−+]/);
  if (sign === null) return 1;
  const percent = readNumber(scanner);
  if (scanner.take(/%/) === null) throw new TextFault(scanner.column(), `expected %, got ${scanner.next()}`);
  return (100 + (sign === '+' ? percent : -percent)) / 100;
}

/** `or`, `for` and `in` end a value; everything else behind the number is meant as its unit. */
function takeUnit(scanner: Scanner): { column: number; text: string } | null {
  const column = scanner.column();
  const text = scanner.take(/%|\$|(?!(?:or|for|in)\b)[A-Za-zµ]+(?:\s*\/\s*[A-Za-z]+)?|\/\s*[A-Za-z]+/);
  return text === null ? null : { column, text: text.replaceAll(/\s/g, '') };
}
