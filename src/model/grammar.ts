import { didYouMean } from './nearest.ts';
import type { Aggregate, Comparison, Operator } from './condition.ts';
import { readLimit, settleLimit } from './grammar-limit.ts';
import type { NamedMetric } from './grammar-limit.ts';
import { isWritableMetric, metricOf, WRITABLE_METRICS } from './metrics.ts';
import type { Metric } from './metrics.ts';
import { scan, TextFault } from './scanner.ts';
import type { Scanner, TextProblem } from './scanner.ts';
import { secondsOf } from './units.ts';

type ParsedCondition =
  | { readonly ok: true; readonly comparisons: readonly Comparison[] }
  | { readonly ok: false; readonly problem: TextProblem };

/**
 * Reads `<metric>[.avg|.max|.min|.p95][{key=value,…}] <op> <value> [unit] [for <duration>] [in <duration>]`,
 * several joined by `or`. Values come out in canonical units. Never throws; the first fault is the answer.
 */
export function parseCondition(text: string): ParsedCondition {
  try {
    const scanner = scan(text);
    const comparisons = [readComparison(scanner)];
    while (scanner.take(/or\b/) !== null) comparisons.push(readComparison(scanner));
    if (!scanner.atEnd()) throw new TextFault(scanner.column(), `expected "or", "for", "in" or the end, got ${scanner.next()}`);
    return { ok: true, comparisons };
  } catch (fault) {
    if (!(fault instanceof TextFault)) throw fault;
    return { ok: false, problem: { column: fault.column, message: fault.message } };
  }
}

function readComparison(scanner: Scanner): Comparison {
  const named = readMetric(scanner);
  const scope = readScope(scanner, named);
  const op = readOperator(scanner);
  const limit = readLimit(scanner);
  const { forColumn, ...spans } = readSpans(scanner);
  if (forColumn !== null && spans.inSeconds === null && named.aggregate !== null) {
    const { aggregate } = named;
    throw new TextFault(forColumn, `"for" holds every reading against the limit, so there is nothing for .${aggregate} to fold; leave .${aggregate} out, or write "in" instead of "for"`);
  }
  // With an aggregate a rate stays one: the highest rate in a minute is no number of events.
  const settled = settleLimit(limit, named, spans.inSeconds !== null && named.aggregate === null);
  return { metric: named.name, aggregate: named.aggregate, scope, op, ...settled, ...spans };
}

function readMetric(scanner: Scanner): NamedMetric {
  const column = scanner.column();
  const written = scanner.take(/[A-Za-z_][\w.-]*/);
  if (written === null) throw new TextFault(column, `expected a metric, such as http.p95, got ${scanner.next()}`);
  const { name, aggregate } = splitAggregate(written);
  const metric = metricOf(name);
  if (!isWritableMetric(name) || metric === undefined) throw new TextFault(column, unknownMetric(written, metric));
  if (aggregate !== null && (metric.form === 'percentile' || metric.form === 'fact')) {
    const why = metric.form === 'percentile' ? 'it is computed from every request at once' : 'it is no series of readings';
    throw new TextFault(column + name.length, `${name} takes no .${aggregate}: ${why}`);
  }
  return { name, metric, aggregate };
}

/** `http.p95` is a metric of its own; only what is left of a name that is none can be an aggregate. */
function splitAggregate(written: string): { name: string; aggregate: Aggregate | null } {
  const match = /^(.+)\.(avg|max|min|p95)$/.exec(written);
  if (match === null || (isWritableMetric(written) && !written.startsWith('custom.'))) return { name: written, aggregate: null };
  const [, name = '', aggregate] = match;
  // The pattern admits nothing else.
  return metricOf(name) === undefined ? { name: written, aggregate: null } : { name, aggregate: aggregate as Aggregate };
}

function unknownMetric(written: string, metric: Metric | undefined): string {
  if (metric !== undefined) return `${written} is a reading for the diagnosis only and may not stand in a plan${didYouMean(written, WRITABLE_METRICS)}`;
  const aggregate = /\.([a-z]\w*)$/.exec(written);
  const base = aggregate === null ? '' : written.slice(0, aggregate.index);
  if (isWritableMetric(base)) return `unknown aggregate "${aggregate?.[1] ?? ''}" of ${base}; expected avg, max, min or p95`;
  return `unknown metric "${written}"${didYouMean(written, WRITABLE_METRICS)}`;
}

function readScope(scanner: Scanner, { name, metric }: NamedMetric): Record<string, string> {
  const scope: Record<string, string> = {};
  if (scanner.take(/\{/) === null) return scope;
  do {
    const column = scanner.column();
    const key = scanner.take(/(?!__)[A-Za-z_]\w*/);
    if (key === null) throw new TextFault(column, `expected a key such as journey, got ${scanner.next()}`);
    if (metric.scopes !== null && !metric.scopes.includes(key)) throw new TextFault(column, unknownScope(key, name, metric.scopes));
    if (Object.hasOwn(scope, key)) throw new TextFault(column, `the key "${key}" stands here a second time`);
    if (scanner.take(/=/) === null) throw new TextFault(scanner.column(), `expected "=" after ${key}, got ${scanner.next()}`);
    scope[key] = readScopeValue(scanner, key);
  } while (scanner.take(/,/) !== null);
  if (scanner.take(/\}/) === null) throw new TextFault(scanner.column(), `expected "," or "}", got ${scanner.next()}`);
  return scope;
}

function unknownScope(key: string, name: string, keys: readonly string[]): string {
  if (keys.length === 0) return `${name} cannot be narrowed by "${key}": it has no parts`;
  return `unknown key "${key}" of ${name}; expected ${keys.join(' or ')}`;
}

function readScopeValue(scanner: Scanner, key: string): string {
  const column = scanner.column();
  const quoted = scanner.take(/"(?:[^"\\]|\\["\\])*"/);
  const value = quoted === null ? (scanner.take(/[^,{}"]+/) ?? '').trim() : quoted.slice(1, -1).replaceAll(/\\(["\\])/g, '$1');
  if (value === '') throw new TextFault(column, `expected a value of ${key}, got ${quoted === null ? scanner.next() : 'an empty text'}`);
  return value;
}

function readOperator(scanner: Scanner): Operator {
  const column = scanner.column();
  const shown = scanner.next();
  const written = scanner.take(/[<>=!≤≥]+/);
  const found = OPERATORS.find((operator) => operator === written);
  if (found !== undefined) return found;
  const meant = MEANT[written ?? ''];
  throw new TextFault(column, `expected one of < <= > >= ==, got ${written === null ? shown : `"${written}"`}${meant === undefined ? '' : `; did you mean "${meant}"?`}`);
}

const OPERATORS: readonly Operator[] = ['<', '<=', '>', '>=', '=='];
const MEANT: Readonly<Record<string, Operator>> = { '=': '==', '===': '==', '≤': '<=', '≥': '>=', '=<': '<=', '=>': '>=' };

function readSpans(scanner: Scanner): { forSeconds: number | null; inSeconds: number | null; forColumn: number | null } {
  let forColumn: number | null = null;
  let forSeconds: number | null = null;
  let inSeconds: number | null = null;
  for (;;) {
    const column = scanner.column();
    const word = scanner.take(/(?:for|in)\b/);
    if (word === null) return { forSeconds, inSeconds, forColumn };
    if ((word === 'for' ? forSeconds : inSeconds) !== null) throw new TextFault(column, `"${word}" stands here a second time`);
    if (word === 'for') [forSeconds, forColumn] = [readDuration(scanner), column];
    else inSeconds = readDuration(scanner);
  }
}

function readDuration(scanner: Scanner): number {
  const column = scanner.column();
  const number = scanner.take(/\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/);
  if (number === null) throw new TextFault(column, `expected a duration such as 5 min, got ${scanner.next()}`);
  const unitColumn = scanner.column();
  const shown = scanner.next();
  const unit = scanner.take(/[A-Za-zµ]+/);
  const seconds = secondsOf(unit ?? '');
  if (seconds === undefined) throw new TextFault(unitColumn, `expected a unit of time (ms, s, min, h, d), got ${shown}`);
  const value = Number(number) * seconds;
  if (!(value > 0)) throw new TextFault(column, 'a duration must be longer than nothing');
  return value;
}
