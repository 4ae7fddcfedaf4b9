import { ScaleplanError } from '../errors.ts';
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
const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 };
const HINT = 'Example: --with replicas=2,pool=50,instances=3,cache=64MB';

/** `replicas=2,pool=50,instances=3,cache=64MB`. Throws `wrong-usage` for anything else. */
export function readChanges(text: string): Changes {
  const changes: { -readonly [K in keyof Changes]: Changes[K] } = { text };
  for (const part of text.split(',').map((one) => one.trim()).filter((one) => one !== '')) {
    const [, name = '', value = ''] = /^([a-z-]+)\s*=\s*(.+)$/i.exec(part) ?? [];
    const known = NAMES.find((one) => one === name);
    if (known === undefined) throw new ScaleplanError('wrong-usage', `--with knows no "${name === '' ? part : name}"${didYouMean(name, NAMES)}`, { hint: `It can change ${NAMES.join(', ')}. ${HINT}` });
    if (known === 'cache') changes.cacheBytes = bytesFrom(value);
    else changes[known] = countFrom(known, value);
  }
  if (Object.keys(changes).length === 1) throw new ScaleplanError('wrong-usage', '--with names no change.', { hint: HINT });
  return changes;
}

function countFrom(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new ScaleplanError('wrong-usage', `--with ${name}=${text}: ${text} is no whole number above 0.`, { hint: HINT });
}

function bytesFrom(text: string): number {
  const [, figure, unit = 'b'] = /^(\d+(?:\.\d+)?)\s*([kmg]?i?b)?$/i.exec(text.trim()) ?? [];
  const value = Number(figure) * (UNITS[unit.toLowerCase()] ?? Number.NaN);
  if (value > 0) return value;
  throw new ScaleplanError('wrong-usage', `--with cache=${text}: ${text} is no size.`, { hint: 'Write it as in cache=64MB.' });
}
