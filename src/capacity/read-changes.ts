import { ScaleplanError } from '../errors.ts';
import type { BottleneckId } from '../model/bottleneck.ts';
import { didYouMean } from '../model/nearest.ts';

/** Resources set otherwise than a run had them. */
export interface Changes {
  /** As it was written. */
  readonly text: string;
  /** Connections of each instance's pool. */
  readonly pool?: number;
  /** Instances of the application. */
  readonly instances?: number;
  /** Replicas that the reads are shared among. */
  readonly replicas?: number;
  readonly cacheBytes?: number;
}

const NAMES = ['pool', 'instances', 'replicas', 'cache'] as const;
type Name = (typeof NAMES)[number];

const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 };
const HINT = 'Example: --with replicas=2,pool=50,instances=3,cache=64MB';
/** The most that PostgreSQL accepts as max_connections, in every version; instances and replicas hold a connection at least. */
const MOST = 262_143;

/** `replicas=2,pool=50,instances=3,cache=64MB`, each at most once. Throws `wrong-usage` for anything else. */
export function readChanges(text: string): Changes {
  const changes: { -readonly [K in keyof Changes]: Changes[K] } = { text };
  const seen = new Set<Name>();
  for (const part of text.split(',').map((one) => one.trim()).filter((one) => one !== '')) {
    const [, name = '', value = ''] = /^([a-z-]+)\s*=\s*(.+)$/i.exec(part) ?? [];
    const known = NAMES.find((one) => one === name);
    if (known === undefined) throw new ScaleplanError('wrong-usage', `--with knows no "${name === '' ? part : name}"${didYouMean(name, NAMES)}`, { hint: `It can change ${NAMES.join(', ')}. ${HINT}` });
    if (seen.has(known)) throw new ScaleplanError('wrong-usage', `--with names ${known} twice.`, { hint: 'Ask for one change at a time, or for each resource once.' });
    seen.add(known);
    if (known === 'cache') changes.cacheBytes = bytesFrom(value);
    else changes[known] = countFrom(known, value);
  }
  if (seen.size === 0) throw new ScaleplanError('wrong-usage', '--with names no change.', { hint: HINT });
  return changes;
}

/** What a change is about; everything else it leaves as it was. More instances bring what each of them has. */
const ABOUT: Readonly<Record<Name, readonly BottleneckId[]>> = {
  pool: ['db-connections'],
  instances: ['db-connections', 'node-cpu', 'event-loop-blocked', 'host-cpu', 'memory', 'queue'],
  replicas: ['db-connections', 'db-query', 'db-lock', 'replica-lag'],
  cache: ['cache'],
};

/** Whether one of the changes may move where a bottleneck is reached. */
export function isAbout({ pool, instances, replicas, cacheBytes }: Changes, bottleneck: BottleneckId): boolean {
  const asked: Readonly<Record<Name, number | undefined>> = { pool, instances, replicas, cache: cacheBytes };
  return NAMES.some((name) => asked[name] !== undefined && ABOUT[name].includes(bottleneck));
}

function countFrom(name: string, text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 1)) throw new ScaleplanError('wrong-usage', `--with ${name}=${text}: ${text} is no whole number above 0.`, { hint: HINT });
  if (value <= MOST) return value;
  throw new ScaleplanError('wrong-usage', `--with ${name}=${text}: that is more than the ${MOST.toLocaleString('en-US')} connections a PostgreSQL can have.`, { hint: HINT });
}

function bytesFrom(text: string): number {
  const [, figure, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?i?b)?$/i.exec(text.trim()) ?? [];
  const value = Number(figure) * (UNITS[unit.toLowerCase()] ?? Number.NaN);
  if (value > 0) return value;
  const isBare = unit === '' && Number(figure) > 0;
  throw new ScaleplanError('wrong-usage', `--with cache=${text}: ${isBare ? `${text} of what? A size has a unit.` : `${text} is no size.`}`, { hint: `Write it as in cache=${isBare ? figure : 64}MB.` });
}
