import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { requestMix } from '../load/request-mix.ts';
import { quickDuration } from '../load/duration.ts';
import { comparisonsOf } from '../model/condition.ts';
import type { LoadShape } from '../model/load.ts';
import type { PreparedStep } from '../run/play.ts';
import { fewestRequests } from '../stress/error-proof.ts';
import { isDecidedLate } from '../stress/goal.ts';
import { wholeLoad } from '../stress/search.ts';
import { DEFAULT_TIMEOUT_MS } from './run-steps.ts';
import { goalsAt } from './stress-goals.ts';
import { spentBefore } from './stress-proof.ts';
import type { StressContext, StressRequest } from './stress-context.ts';

/** Half of the phase's load is where a search begins: a target that carries the phase holds there, and one doubling later it is known. */
const START_SHARE = 0.5;
/** One whole second without a request holds nothing to measure. */
const LEAST_RATE = 1;

export function startLoadOf({ search, phase }: Pick<StressRequest, 'search' | 'phase'>): number {
  const start = search.startLoad ?? (search.by === 'users' ? 1 : Math.max(LEAST_RATE, phase.load.requestsPerSecond * START_SHARE));
  return Math.min(inUnit(search, start), mostLoadOf({ search }));
}

/** Infinity where nobody set one. */
export function mostLoadOf({ search }: Pick<StressRequest, 'search'>): number {
  if (search.mostLoad === null) return Infinity;
  return search.by === 'users' ? Math.max(1, Math.floor(search.mostLoad)) : search.mostLoad;
}

/** There is no half of a user. */
export function inUnit({ by }: Pick<StressRequest['search'], 'by'>, load: number): number {
  return by === 'users' ? wholeLoad(load) : load;
}

export function leastLoadOf({ search }: Pick<StressRequest, 'search'>): number {
  return search.by === 'users' ? 1 : LEAST_RATE / 2;
}

/** One level after another, each for so many seconds; the first pieces are not judged. */
export interface Level {
  readonly load: number;
  readonly seconds: number;
  readonly name: 'warm-up' | 'sustain' | 'ramp';
}

export function shapeOf({ search, base }: Pick<StressRequest, 'search' | 'base'>, levels: readonly Level[]): LoadShape {
  if (search.by === 'users') {
    return { model: 'closed', stages: levels.map(({ load, seconds, name }) => ({ name, judged: name === 'sustain', durationSeconds: seconds, users: wholeLoad(load), enough: null })) };
  }
  const arrivals = (load: number): number => load / base.load.requestsPerArrival;
  return { model: 'open', stages: levels.map(({ load, seconds, name }) => ({ name, judged: name === 'sustain', durationSeconds: seconds, arrivalsPerSec: { from: arrivals(load), to: arrivals(load) } })) };
}

export function prepareStage(context: StressContext, name: string, shape: LoadShape): PreparedStep {
  const { folder, base, settings, target, engines } = context;
  const workDir = join(folder.logs, `${context.steps.length + 1}-${name}`.replaceAll(/[^\w.-]+/g, '-'));
  mkdirSync(workDir, { recursive: true });
  return {
    suite: 'stress', engine: base.engine, engineVersion: engines.get(base.engine.name) ?? 'unknown', requestsPerArrival: base.load.requestsPerArrival,
    load: { target: target.url, scenario: base.scenario, shape, endpoint: null, timeoutMs: base.scenario.timeoutMs ?? DEFAULT_TIMEOUT_MS, headers: settings.headers, workDir },
  };
}

/** Judged seconds in which a confirming stage can prove every threshold, after these steps of the search: with not one error, and with the two more that chance allows. */
export function confirmSeconds({ plan, phase, search, base, steps }: StressRequest & Pick<StressContext, 'steps'>, load: number, ratePerSec: number): { readonly least: number; readonly most: number } {
  const goals = goalsAt(plan, phase, search.by, load);
  const mix = requestMix(base.scenario.journeys);
  const others = goals.filter((goal) => !isDecidedLate(goal));
  const quick = quickDuration({ ratePerSec, conditions: others, shares: mix.shares, scatter: mix.scatter }).seconds;
  const limits = goals.filter(isDecidedLate).flatMap(comparisonsOf).filter(({ metric, value }) => metric === 'http.error_rate' && value > 0 && value < 100).map(({ value }) => value / 100);
  const requests = (errors: number): number => Math.max(0, ...limits.map((limit) => fewestRequests(limit, errors, spentBefore(steps, 'http.error_rate', limit))));
  return { least: Math.max(quick, Math.ceil((1.02 * requests(0)) / ratePerSec)), most: Math.max(quick * 1.5, Math.ceil((1.02 * requests(2)) / ratePerSec)) };
}
