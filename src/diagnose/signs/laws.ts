import { sign, type Law } from '../finding.ts';
import type { Situation } from '../rule.ts';
import { say, sayMany } from '../say.ts';
import type { Series } from '../../stats/series.ts';
import { levelOf, meanOf, thirdsOf, type Window } from '../window.ts';
import { FULL_PERCENT } from './host.ts';

/** Operational laws held within 2–5 % on these systems; from 10 % on they say something else than what was measured. */
export const LAW_AGREES_WITHIN = 0.1;

export function agrees(measured: number, predicted: number): boolean {
  return Math.abs(measured - predicted) <= LAW_AGREES_WITHIN * predicted;
}

/** A pool hands out at most (connections ÷ time one is held) a second: at that rate it is the limit (utilisation law with U = 1). */
export function poolLaw({ series, judged, instances }: Situation): Law | null {
  const each = levelOf(series('postgres.pool_max'), judged);
  const holdMs = levelOf(series('postgres.query_time'), judged);
  const rate = levelOf(series('postgres.pool_acquires'), judged);
  if (each === null || holdMs === null || rate === null || holdMs <= 0 || each <= 0) return null;
  // Rates of several instances add up, sizes of their pools are told one by one.
  const servers = each * Math.max(1, instances('postgres.pool_acquires').length);
  const limit = (servers * 1000) / holdMs;
  return {
    agrees: agrees(rate, limit),
    evidence: sign(agrees(rate, limit), 'postgres.pool_acquires', rate, limit, `${sayMany(servers, 'connection', 'connections')} ÷ ${say(holdMs)} ms = at most ${say(limit)}/s; measured ${say(rate)}/s`),
  };
}

/**
 * CPU: what a request costs is fitted at a quarter of the load, below the knee (D = U ÷ X); so many cores carry at most
 * cores ÷ D requests a second. Null where the stage is no basis.
 */
export function cpuLaw(situation: Situation, metric: 'host.cpu' | 'node.cpu', cores: number | null): Law | null {
  const { series, reference, judged, whole } = situation;
  if (reference === null || cores === null || !isSteady(situation, reference)) return null;
  const used = levelOf(series(metric), reference);
  const before = levelOf(series('http.throughput'), reference);
  const now = levelOf(series('http.throughput'), judged);
  // What was full already tells nothing of a request's cost.
  if (used === null || before === null || now === null || used <= 0 || before <= 0 || used >= FULL_PERCENT) return null;
  // The host's CPU is told as a share of all cores, that of a process as one of a single core.
  const usedCores = (used / 100) * (metric === 'host.cpu' ? cores : 1);
  const limit = cores / (usedCores / before);
  // What was carried before or after is no more than can be carried: else requests cost less than that.
  if (levelsOfThirds(series('http.throughput'), whole).some((level) => level > REFUTED_FACTOR * limit)) return null;
  return {
    agrees: agrees(now, limit),
    evidence: sign(agrees(now, limit), metric, now, limit, `${say((1000 * usedCores) / before)} ms of CPU a request at a quarter of the load: ${sayMany(cores, 'core carries', 'cores carry')} at most ${say(limit)}/s; measured ${say(now)}/s`),
  };
}

/** A quarter more than is possible, in a third of the run: chance moves the sum of so many seconds by a tenth. */
const REFUTED_FACTOR = 1.25;

function levelsOfThirds(series: Series | null, window: Window): number[] {
  return thirdsOf(window).flatMap((third) => levelOf(series, third) ?? []);
}

/** The vector store: with what a search took unhindered (the fastest tenth of the seconds at a quarter of the load), one at a time or one a core. */
export function searchLaw({ series, reference, judged, cores }: Situation, unhinderedMs: number | null): Law | null {
  const rate = levelOf(series('qdrant.searches'), judged);
  if (reference === null || unhinderedMs === null || rate === null || unhinderedMs <= 0) return null;
  const limits = [1, ...(cores === null ? [] : [cores])].map((servers) => ({ servers, limit: (servers * 1000) / unhinderedMs }));
  const [near] = limits.toSorted((a, b) => Math.abs(a.limit / rate - 1) - Math.abs(b.limit / rate - 1));
  if (near === undefined || !agrees(rate, near.limit)) return null;
  return {
    agrees: true,
    evidence: sign(true, 'qdrant.searches', rate, near.limit, `${say(near.servers)} at a time ÷ ${say(unhinderedMs)} ms = at most ${say(near.limit)} searches/s; measured ${say(rate)}/s`),
  };
}

/** Jobs done at most = jobs at once ÷ time of a job (utilisation law with U = 1). */
export function jobLaw({ series, judged }: Situation): Law | null {
  const [active, jobMs, rate] = [levelOf(series('queue.active'), judged), levelOf(series('queue.job_time'), judged), levelOf(series('queue.processing_rate'), judged)];
  if (active === null || jobMs === null || rate === null || jobMs <= 0 || active <= 0) return null;
  const limit = (active * 1000) / jobMs;
  return {
    agrees: agrees(rate, limit),
    evidence: sign(agrees(rate, limit), 'queue.processing_rate', rate, limit, `${sayMany(active, 'job', 'jobs')} at once ÷ ${say(jobMs)} ms = at most ${say(limit)}/s; measured ${say(rate)}/s`),
  };
}

/**
 * Little's law throws a stage out that was not in balance: requests present = rate × mean time, within 10 %.
 * Where fewer than five are present the count itself is that uncertain; failed requests have no time in the mean.
 */
export function isSteady({ series, client }: Situation, window: Window): boolean {
  const [present, perSec, ms] = [meanOf(client?.inFlight ?? null, window), meanOf(series('http.throughput'), window), meanOf(series('http.mean'), window)];
  if (present === null || perSec === null || ms === null || present < 5) return true;
  return Math.abs(present - (perSec * ms) / 1000) <= LAW_AGREES_WITHIN * present;
}
