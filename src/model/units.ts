import type { Unit } from './condition.ts';

/** A unit as somebody writes it: `value × times ÷ by` is the value in the canonical `unit`. */
export interface WrittenUnit {
  readonly unit: Unit;
  readonly times: number;
  readonly by: number;
}

/** What a written unit means, or null for one nobody knows. Case counts: `MB` is not `mb`. */
export function readUnit(text: string): WrittenUnit | null {
  const known = UNITS.get(text);
  if (known !== undefined) return known;
  if (isCountNoun(text)) return COUNT;
  const rate = /^([A-Za-z]*)\/([A-Za-z]+)$/.exec(text);
  const seconds = rate === null ? undefined : TIME_SECONDS.get(rate[2] ?? '');
  if (rate === null || seconds === undefined || seconds < 1) return null;
  return rate[1] === '' || isCountNoun(rate[1] ?? '') ? { unit: '/s', times: 1, by: seconds } : null;
}

/** The value in canonical units. */
export function convert(value: number, written: WrittenUnit): number {
  return (value * written.times) / written.by;
}

/** Names for "did you mean"; rates may carry any counted noun before the slash. */
export function unitNames(): readonly string[] {
  return [...UNITS.keys(), ...COUNT_NOUNS, '/s', '/min', '/h', '/d', 'req/s', 'requests/s', 'requests/min'];
}

/** Seconds of a unit of time, for `for` and `in`; undefined for anything else. */
export function secondsOf(unit: string): number | undefined {
  return TIME_SECONDS.get(unit);
}

/** A value in canonical units as a person would write it: in the largest unit that leaves it exact and short. */
export function formatValue(value: number, unit: Unit): string {
  const candidates = SHOWN[unit];
  for (const name of candidates) {
    const written = readUnit(name);
    if (written === null) continue;
    const shown = Number(((value * written.by) / written.times).toPrecision(15));
    const isReadable = Math.abs(shown) >= 1 && String(shown).length <= Math.max(5, String(value).length);
    if (isReadable && convert(shown, written) === value) return `${shown} ${name}`;
  }
  return unit === '1' ? String(value) : `${value} ${CANONICAL_NAMES[unit]}`;
}

const CANONICAL_NAMES: Readonly<Record<Unit, string>> = { ms: 'ms', '%': '%', '/s': '/s', B: 'B', '1': '', USD: '$' };

/** Units tried when a value is written out, the largest first. A day is no way to say a latency, but a limit may be one. */
const SHOWN: Readonly<Record<Unit, readonly string[]>> = {
  ms: ['d', 'h', 'min', 's', 'ms'], '%': ['%'], '/s': ['/s', '/min', '/h', '/d'],
  B: ['TB', 'GB', 'MB', 'KB', 'GiB', 'MiB', 'KiB', 'B'], '1': [], USD: ['$'],
};

const TIME_SECONDS: ReadonlyMap<string, number> = new Map(Object.entries({
  us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, sec: 1, secs: 1, second: 1, seconds: 1, min: 60, mins: 60, minute: 60, minutes: 60,
  h: 3600, hr: 3600, hour: 3600, hours: 3600, d: 86_400, day: 86_400, days: 86_400,
}));

const SIZE_BYTES: Readonly<Record<string, number>> = {
  B: 1, byte: 1, bytes: 1, KB: 1e3, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40,
};

const COUNT: WrittenUnit = { unit: '1', times: 1, by: 1 };

const UNITS: ReadonlyMap<string, WrittenUnit> = new Map<string, WrittenUnit>([
  ...[...TIME_SECONDS].map(([name, seconds]): [string, WrittenUnit] => [name, inMilliseconds(seconds)]),
  ...Object.entries(SIZE_BYTES).map(([name, bytes]): [string, WrittenUnit] => [name, { unit: 'B', times: bytes, by: 1 }]),
  ['%', { unit: '%', times: 1, by: 1 }],
  ['$', { unit: 'USD', times: 1, by: 1 }],
  ['USD', { unit: 'USD', times: 1, by: 1 }],
  ['rps', { unit: '/s', times: 1, by: 1 }],
  ['rpm', { unit: '/s', times: 1, by: 60 }],
]);

/** Things counted: the noun only helps the reader, so `50 jobs` is 50. A closed list, so that a misspelt unit is not taken for a noun. */
const COUNT_NOUNS = [
  'users', 'requests', 'req', 'reqs', 'ops', 'operations', 'jobs', 'connections', 'files', 'errors', 'failures', 'mentions',
  'queries', 'items', 'keys', 'evictions', 'timeouts', 'events', 'messages', 'workers', 'instances', 'lookups', 'searches', 'times',
] as const;

const NOUNS: ReadonlySet<string> = new Set(COUNT_NOUNS.flatMap((noun) => [noun, singular(noun)]));

function isCountNoun(text: string): boolean {
  return NOUNS.has(text);
}

function singular(noun: string): string {
  if (noun.endsWith('ies')) return `${noun.slice(0, -3)}y`;
  return noun.endsWith('ches') ? noun.slice(0, -2) : noun.replace(/s$/, '');
}

/** Division by 1000 is exact where multiplication by 0.001 is not. */
function inMilliseconds(seconds: number): WrittenUnit {
  return seconds < 1e-3 ? { unit: 'ms', times: 1, by: 1000 } : { unit: 'ms', times: Math.round(seconds * 1000), by: 1 };
}
