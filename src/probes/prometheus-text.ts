import { parseLabels } from './prometheus-labels.ts';

export type FamilyType = 'counter' | 'gauge' | 'histogram' | 'gaugehistogram' | 'summary' | 'info' | 'stateset' | 'untyped';

/** One line of figures. `value` may be NaN or infinite, as the server wrote it. */
export interface TextSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timestampMs: number | null;
}

/** All lines under one `# TYPE`; without one, all lines of one name. */
export interface Family {
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string | null;
  readonly samples: readonly TextSample[];
}

/** A line that could not be read. */
export interface GarbageLine {
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

export interface MetricsText {
  readonly families: ReadonlyMap<string, Family>;
  readonly garbage: readonly GarbageLine[];
}

/**
 * Reads the Prometheus text format 0.0.4 and OpenMetrics 1.0. One bad line costs that line alone and is reported.
 * Own work, because the parsers on npm drop the labels, sums and counts of histograms.
 */
export function parsePrometheusText(text: string): MetricsText {
  const lines = text.split('\n');
  const reader = new Reader(lines.some((line) => line.trimEnd() === '# EOF'));
  lines.forEach((line, index) => reader.read(line.endsWith('\r') ? line.slice(0, -1) : line, index + 1));
  return { families: reader.families, garbage: reader.garbage };
}

interface OpenFamily { readonly name: string; type: FamilyType; help: string | null; readonly samples: TextSample[] }

class Reader {
  readonly families = new Map<string, OpenFamily>();
  readonly garbage: GarbageLine[] = [];
  readonly #seen = new Set<string>();
  readonly #isOpenMetrics: boolean;

  constructor(isOpenMetrics: boolean) {
    this.#isOpenMetrics = isOpenMetrics;
  }

  read(line: string, number: number): void {
    const trimmed = line.trim();
    if (trimmed === '') return;
    const reason = trimmed.startsWith('#') ? this.#readComment(trimmed) : this.#readSample(trimmed);
    if (reason !== null) this.garbage.push({ line: number, text: line.slice(0, 200), reason });
  }

  /** Anything else behind `#` (UNIT, EOF, a remark) is a comment and no error. */
  #readComment(line: string): string | null {
    const match = /^#\s+(HELP|TYPE)\s+(?:"((?:[^"\\]|\\.)*)"|(\S+))\s*(.*)$/.exec(line);
    if (match === null) return null;
    const [, keyword, quoted, plain, rest = ''] = match;
    const family = this.#family(unescapeHelp(quoted ?? plain ?? ''));
    if (keyword === 'HELP') {
      family.help = unescapeHelp(rest);
      return null;
    }
    const type = TYPES[rest.trim().toLowerCase()];
    if (type === undefined) return `unknown type "${rest.trim()}"`;
    family.type = type;
    return null;
  }

  #readSample(line: string): string | null {
    const parsed = parseSample(line, this.#isOpenMetrics);
    if (typeof parsed === 'string') return parsed;
    const series = JSON.stringify([parsed.name, Object.entries(parsed.labels).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
    if (this.#seen.has(series)) return 'the series was already given a value';
    this.#seen.add(series);
    this.#family(this.#familyNameOf(parsed.name)).samples.push(parsed);
    return null;
  }

  /** `x_bucket` belongs to the histogram `x`; a name that merely ends so stands for itself. */
  #familyNameOf(name: string): string {
    for (const [suffix, types] of SUFFIXES) {
      if (!name.endsWith(suffix)) continue;
      const base = this.families.get(name.slice(0, -suffix.length));
      if (base !== undefined && types.includes(base.type)) return base.name;
    }
    return name;
  }

  #family(name: string): OpenFamily {
    const known = this.families.get(name);
    if (known !== undefined) return known;
    const family: OpenFamily = { name, type: 'untyped', help: null, samples: [] };
    this.families.set(name, family);
    return family;
  }
}

const TYPES: Readonly<Record<string, FamilyType>> = {
  counter: 'counter', gauge: 'gauge', histogram: 'histogram', gaugehistogram: 'gaugehistogram', summary: 'summary',
  info: 'info', stateset: 'stateset', untyped: 'untyped', unknown: 'untyped',
};

const SUFFIXES: readonly (readonly [string, readonly FamilyType[]])[] = [
  ['_bucket', ['histogram', 'gaugehistogram']],
  ['_sum', ['histogram', 'summary']],
  ['_count', ['histogram', 'summary']],
  ['_gsum', ['gaugehistogram']],
  ['_gcount', ['gaugehistogram']],
  ['_total', ['counter']],
  ['_created', ['counter', 'histogram', 'summary']],
  ['_info', ['info']],
];

/** A sample, or what is wrong with the line. */
function parseSample(line: string, isOpenMetrics: boolean): TextSample | string {
  const bareName = /^[a-zA-Z_:][a-zA-Z0-9_:.]*/.exec(line)?.[0] ?? null;
  let at = bareName?.length ?? 0;
  while (line[at] === ' ' || line[at] === '\t') at += 1;
  let labels: Record<string, string> = {};
  let name = bareName;
  if (line[at] === '{') {
    const parsed = parseLabels(line, at);
    if (typeof parsed === 'string') return parsed;
    labels = parsed.labels;
    name ??= parsed.quotedName;
    at = parsed.end;
  } else if (bareName !== null && at === bareName.length) {
    return 'no value behind the name';
  }
  if (name === null) return 'the line does not start with a name';
  // What follows ` # ` is an exemplar: one event out of many, of no use to a probe.
  const [value, timestamp, ...more] = (line.slice(at).split(' # ', 1)[0] ?? '').trim().split(/\s+/);
  if (more.length > 0) return 'more than a value and a timestamp';
  const number = parseNumber(value ?? '');
  if (number === null) return `"${value ?? ''}" is not a number`;
  const time = timestamp === undefined ? null : parseNumber(timestamp);
  if (timestamp !== undefined && time === null) return `"${timestamp}" is not a timestamp`;
  // OpenMetrics counts seconds, the older format milliseconds.
  return { name, labels, value: number, timestampMs: time === null ? null : time * (isOpenMetrics ? 1000 : 1) };
}

function parseNumber(text: string): number | null {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (/^nan$/i.test(text)) return Number.NaN;
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  return infinite === null ? null : infinite[1] === '-' ? -Infinity : Infinity;
}

function unescapeHelp(text: string): string {
  return text.replaceAll(/\\([\\n"])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
