import { ScaleplanError } from '../errors.ts';
import type { StressFacts } from '../model/run.ts';
import { parseUrl } from './parse-url.ts';
import type { TestFlags } from './settings.ts';
import { writesOf, type WriteFlags, type WriteSettings } from './write-settings.ts';

/** The flags of `stress` beside those it shares with `test`. */
export interface StressFlags extends TestFlags, WriteFlags {
  readonly by?: string;
  readonly budget?: string;
  readonly from?: string;
  readonly to?: string;
  readonly stopAt?: string;
  readonly health?: string;
}

/** What ends a stage at once. */
export interface Harm {
  readonly metric: 'http.error_rate' | 'http.p50' | 'http.p95' | 'http.p99';
  /** % or ms. */
  readonly limit: number;
}

export interface StressSettings {
  readonly by: StressFacts['by'];
  readonly budgetSeconds: number;
  readonly startLoad: number | null;
  readonly mostLoad: number | null;
  readonly harm: Harm;
  readonly healthUrl: string | null;
  readonly writes: WriteSettings | null;
}

/** Stages with enough requests for a share of errors, recovery and the count of writes need this long on a target of some 60 requests/s. */
const DEFAULT_BUDGET_SECONDS = 360;
/** One stage, and hardly the way back; less shows nothing. */
const LEAST_BUDGET_SECONDS = 30;
/** Every other user turned away shows a break; more only harms. */
const DEFAULT_HARM: Harm = { metric: 'http.error_rate', limit: 50 };

/** Throws `wrong-usage` for what does not fit together. */
export function stressSettings(flags: StressFlags): StressSettings {
  const by = flags.by ?? (flags.engine === 'autocannon' ? 'users' : 'rate');
  if (by !== 'rate' && by !== 'users') throw new ScaleplanError('wrong-usage', `--by ${by} is neither rate nor users.`, { hint: 'rate: requests per second, arriving whether or not earlier ones were answered; users: so many at the same time, each waiting for its answer.' });
  const budgetSeconds = flags.budget === undefined ? DEFAULT_BUDGET_SECONDS : secondsOf('--budget', flags.budget);
  if (budgetSeconds < LEAST_BUDGET_SECONDS) throw new ScaleplanError('wrong-usage', `--budget ${flags.budget ?? ''} is too short.`, { hint: `A search needs ${LEAST_BUDGET_SECONDS} s at least, and 4 to 6 minutes for a bounded answer.` });
  return {
    by, budgetSeconds, startLoad: loadOf('--from', flags.from), mostLoad: loadOf('--to', flags.to),
    harm: flags.stopAt === undefined ? DEFAULT_HARM : harmOf(flags.stopAt),
    healthUrl: flags.health === undefined ? null : parseUrl('--health', flags.health), writes: writesOf(flags),
  };
}

function secondsOf(flag: string, text: string): number {
  const [, figure, unit = 's'] = /^(\d+(?:\.\d+)?)\s*(s|m|min|h)?$/.exec(text.trim()) ?? [];
  if (figure === undefined) throw new ScaleplanError('wrong-usage', `${flag} ${text} is no duration.`, { hint: `Example: ${flag} 6m` });
  return Math.ceil(Number(figure) * ({ s: 1, m: 60, min: 60, h: 3600 }[unit] ?? 1));
}

function loadOf(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text.replaceAll(/[,_]/g, '').replace(/\/s$/, ''));
  if (!(value > 0) || !Number.isFinite(value)) throw new ScaleplanError('wrong-usage', `${flag} ${text} is no positive number.`, { hint: `Example: ${flag} 50` });
  return value;
}

function harmOf(text: string): Harm {
  const [, share] = /^errors\s*=\s*(\d+(?:\.\d+)?)\s*%$/.exec(text.trim()) ?? [];
  if (share !== undefined && Number(share) > 0 && Number(share) <= 100) return { metric: 'http.error_rate', limit: Number(share) };
  const [, percentile, time, unit] = /^(p50|p95|p99)\s*=\s*(\d+(?:\.\d+)?)\s*(ms|s)$/.exec(text.trim()) ?? [];
  if (percentile === undefined || time === undefined) throw new ScaleplanError('wrong-usage', `--stop-at ${text} is no limit of harm.`, { hint: 'Write errors=10% or p95=5s.' });
  // The expression allows these three alone.
  return { metric: `http.${percentile}` as Harm['metric'], limit: Number(time) * (unit === 's' ? 1000 : 1) };
}
