import { against, found, notEnoughData, notRead, sign } from '../finding.ts';
import type { Evidence } from '../../model/report.ts';
import type { Rule, Situation } from '../rule.ts';
import { say, sayMany } from '../say.ts';
import { countsItself, EVICTING_SHARE, FEWEST_LOOKUPS, hitShares, isEvicting, isFilling, LOW_HIT_SHARE, lookupsIn, THROUGH, throughShare, WARMING_GAIN } from '../signs/cache.ts';
import { shortnessIn } from '../signs/host.ts';
import { shareOfPresent } from '../signs/request-time.ts';
import { countOf, FEWEST_READINGS, levelOf, onsetOf, standsFor, totalOf } from '../window.ts';

/** Redis works in one thread: at nine tenths of a core commands queue up in front of it. */
const BUSY_THREAD_PERCENT = 90;
/** On a host without CPU it gets less than it wants: commands under way for 90 % of the time by Redis' own clock, of which it computed a half; a quarter where somebody is known to wait for a core. */
const COMPUTED_PERCENT = 50;
const COMPUTED_CROWDED_PERCENT = 25;
/** The database is at work for less than a tenth of the time requests take: what the misses cost is not what users wait for. */
const CHEAP_MISS_SHARE = 0.1;

/** The cache does not hold what is asked for: look-ups miss, and keys are evicted before they are read again. */
export const cache: Rule = {
  id: 'cache',
  remedy: 'give the cache memory for its working set, choose what is worth keeping, spread it over a cluster',
  metrics: ['redis.hit_ratio', 'redis.memory_used', 'redis.memory', 'redis.evictions', 'redis.rejected'],
  about: {
    necessary: `fewer than ${LOW_HIT_SHARE * 100} % of at least ${FEWEST_LOOKUPS} look-ups find their key; or Redis refuses writes for want of memory, or connections; or its one thread uses ${BUSY_THREAD_PERCENT} % of a core, or is occupied so much by commands a second × time of one while it computes for ${COMPUTED_PERCENT} % (${COMPUTED_CROWDED_PERCENT} % on a host without CPU).`,
    sufficient: `and keys are evicted (in ${EVICTING_SHARE * 100} % of the readings), or the database commits about one transaction a miss (${THROUGH.join(' … ')}); or its thread is that busy.`,
    certain: 'writes refused for want of memory, again and again.',
    contradicted: [
      `a hit ratio that rises by ${WARMING_GAIN}, or ever more keys, with nothing evicted (it is filling up)`, 'job queues on the same instance, without a count of the application’s own (their look-ups miss by design)',
      `the database at work for under ${CHEAP_MISS_SHARE * 100} % of the time requests take (misses cost little)`,
    ],
    remarks: 'The application’s own count of hits goes before that of Redis, which counts queues and probes among its misses.',
    unread: ['the database’s active statements (what misses cost)'],
  },
  evaluate(situation) {
    const { series, judged } = situation;
    if (!countsItself(situation) && !series('redis.hits')) return notEnoughData('the cache’s counters (--probe redis=redis://…)');
    const { share, lookups } = lookupsIn(situation, judged);
    const isOom = countOf(series('redis.oom_errors'), judged, (value) => value > 0) >= FEWEST_READINGS;
    const isRejecting = countOf(series('redis.rejected'), judged, (value) => value > 0) >= FEWEST_READINGS;
    const thread = levelOf(series('redis.main_thread_cpu'), judged);
    const occupied = occupiedThread(situation, thread);
    const isBusy = (thread !== null && thread >= BUSY_THREAD_PERCENT) || occupied !== null;
    if (share === null && !isOom && !isRejecting && !isBusy) return notEnoughData(`at least ${FEWEST_LOOKUPS} look-ups (there were ${say(lookups)})`);
    const isLow = share !== null && share < LOW_HIT_SHARE;
    const through = throughShare(situation);
    const isReaching = through !== null && through >= THROUGH[0] && through <= THROUGH[1];
    const evicts = isEvicting(situation);
    const used = levelOf(series('redis.memory_used'), judged);
    return found({
      necessary: isLow || isOom || isRejecting || isBusy,
      sufficient: isOom || isRejecting || isBusy || (isLow && (evicts || isReaching)),
      hardError: isOom || isRejecting,
      onset: onsetOf(series('redis.evictions'), (value) => value > 0) ?? (isLow ? onsetOf(hitShares(situation), (value) => value < LOW_HIT_SHARE) : null),
      evidence: [
        share === null ? null : sign(isLow, 'redis.hit_ratio', share * 100, LOW_HIT_SHARE * 100, `hit ratio ${share.toFixed(2)} over ${sayMany(lookups, 'look-up', 'look-ups')}`),
        evicts || isLow ? sign(isLow && evicts, 'redis.evictions', totalOf(series('redis.evictions'), judged) ?? 0, 0, evicts ? `${sayMany(totalOf(series('redis.evictions'), judged) ?? 0, 'key', 'keys')} evicted` : 'nothing was evicted') : null,
        isLow && isReaching ? sign(true, 'postgres.commits', through, 1, `${through.toFixed(1)} transactions of the database for each miss`) : null,
        used !== null && evicts ? sign(isLow, 'redis.memory_used', used, 100, `${say(used)} % of maxmemory in use`) : null,
        isBusy && thread !== null ? sign(true, 'redis.main_thread_cpu', thread, BUSY_THREAD_PERCENT, `its one thread uses ${say(thread)} % of a core`) : null,
        occupied,
        isOom ? sign(true, 'redis.oom_errors', totalOf(series('redis.oom_errors'), judged) ?? 0, 0, `${sayMany(totalOf(series('redis.oom_errors'), judged) ?? 0, 'write', 'writes')} refused for want of memory`) : null,
        isRejecting ? sign(true, 'redis.rejected', totalOf(series('redis.rejected'), judged) ?? 0, 0, `${sayMany(totalOf(series('redis.rejected'), judged) ?? 0, 'connection', 'connections')} refused at maxclients`) : null,
      ],
      contradictions: isOom || isRejecting || isBusy ? [] : [isFilling(situation), sharedWithQueues(situation), cheapMisses(situation, isReaching)],
      unread: [isOom || isRejecting || isBusy || levelOf(series('postgres.active'), judged) !== null ? null : notRead('postgres.active', 'what the misses cost was not read (--probe postgres=postgres://…)')],
    });
  },
};

/** Utilisation law (U = X·S) with Redis' own clock, which runs on while its thread waits for a core. Of one thread: the commands of several add up. */
function occupiedThread(situation: Situation, computed: number | null): Evidence | null {
  const { series, instances, judged } = situation;
  if (instances('redis.commands').length > 1 || (levelOf(series('redis.nodes'), judged) ?? 1) > 1) return null;
  const [perSec, ms] = [levelOf(series('redis.commands'), judged), levelOf(series('redis.command_time'), judged)];
  if (perSec === null || ms === null || computed === null) return null;
  if (computed < (shortnessIn(situation) === null ? COMPUTED_PERCENT : COMPUTED_CROWDED_PERCENT)) return null;
  const percent = (perSec * ms) / 10;
  return percent < BUSY_THREAD_PERCENT ? null : sign(true, 'redis.command_time', percent, BUSY_THREAD_PERCENT, `${sayMany(perSec, 'command', 'commands')} a second × ${say(ms)} ms: its one thread is occupied ${say(Math.min(100, percent))} % of the time`);
}

function sharedWithQueues(situation: Situation) {
  if (countsItself(situation) || !standsFor(0.5, situation.series('redis.queue_keys'), situation.judged, (value) => value > 0)) return null;
  return against('redis.queue_keys', 1, 0, 'job queues share this Redis and count as misses: the application’s own counter would settle it');
}

/** Only where the misses are known to go to the database that is watched. */
function cheapMisses(situation: Situation, isReaching: boolean) {
  const active = levelOf(situation.series('postgres.active'), situation.judged);
  const share = active === null ? null : shareOfPresent(situation, active);
  if (!isReaching || share === null || share >= CHEAP_MISS_SHARE) return null;
  return against('postgres.active', share * 100, CHEAP_MISS_SHARE * 100, `the database is at work for ${say(share * 100)} % of the time requests take: misses cost little`);
}
