import { against, found, notEnoughData, notRead, sign } from '../finding.ts';
import type { Rule, Situation } from '../rule.ts';
import { say, sayMany } from '../say.ts';
import { isHostShort } from '../signs/host.ts';
import { searchLaw } from '../signs/laws.ts';
import { DEGRADED_FACTOR, requestShare, TIME_SHARE } from '../signs/request-time.ts';
import { countOf, FEWEST_READINGS, levelOf, onsetOf, quantileOf, standsFor, totalOf } from '../window.ts';

/** A vector search within 100 ms is not what a person waits for; HNSW on a fitting index answers in a tenth of it. */
const SLOW_SEARCH_MS = 100;
/** A second is what a person waits for, whatever share of everybody's requests searches are (1 s: where a train of thought breaks, Nielsen 1993). */
const LONG_SEARCH_MS = 1000;
/** Major page faults a second at which a memory-mapped index is read from disk again and again. */
const MAJOR_FAULTS_PER_SEC = 100;

/** Searches in the vector store take the time that users wait. */
export const qdrant: Rule = {
  id: 'qdrant',
  remedy: 'cache embeddings and results, give the collection an index that fits in memory, add nodes',
  metrics: ['qdrant.search_time', 'qdrant.memory', 'qdrant.errors'],
  about: {
    necessary: `the searches’ p95, from the server’s own histograms over the tick, is over ${SLOW_SEARCH_MS} ms and ${DEGRADED_FACTOR} times that at a quarter of the load, or over it with searches being half of all request time or taking ${LONG_SEARCH_MS} ms on the mean.`,
    sufficient: `and searches are half of all the time requests take (Little’s law on both), or take ${LONG_SEARCH_MS} ms on the mean, or there are ${MAJOR_FAULTS_PER_SEC} major page faults a second.`,
    certain: 'a quota of memory or disk is exceeded, or writes are refused with 507.',
    law: 'searches a second at most = 1 ÷ time of an unhindered search, or one a core.',
    contradicted: ['the host has no CPU left while the searches wait for it (starved, not slow)'],
    remarks: 'Slow from the first second on leaves no better reference: then the share of the users’ time speaks, and a failed threshold is the harm.',
    unread: ['whether its host has CPU left'],
  },
  evaluate(situation) {
    const { series, judged, reference } = situation;
    const searches = series('qdrant.search_time');
    if (!searches) return notEnoughData('the vector store’s histograms (--probe qdrant=http://…:6333)');
    const p95Ms = levelOf(searches, judged);
    if (p95Ms === null) return notEnoughData('searches in three seconds of the judged part');
    const baseMs = reference ? levelOf(searches, reference) : null;
    const share = requestShare(situation, levelOf(series('qdrant.searches'), judged), levelOf(series('qdrant.search_mean'), judged));
    const dominates = share !== null && share >= TIME_SHARE;
    const meanMs = levelOf(series('qdrant.search_mean'), judged);
    const isLong = meanMs !== null && meanMs >= LONG_SEARCH_MS;
    const isSlow = p95Ms > SLOW_SEARCH_MS && (baseMs === null || p95Ms > DEGRADED_FACTOR * baseMs || dominates || isLong);
    const faults = levelOf(series('qdrant.major_faults'), judged) ?? 0;
    const refused = totalOf(series('qdrant.errors'), judged) ?? 0;
    const isOver = standsFor(0.5, series('qdrant.quota_exceeded'), judged, (value) => value >= 1) || countOf(series('qdrant.storage_errors'), judged, (value) => value > 0) >= FEWEST_READINGS;
    const short = isHostShort(situation);
    return found({
      necessary: isSlow || isOver,
      sufficient: (isSlow && (dominates || isLong || faults > MAJOR_FAULTS_PER_SEC)) || isOver,
      hardError: isOver,
      law: isSlow ? searchLaw(situation, unhinderedMs(situation)) : null,
      onset: onsetOf(searches, (value) => value > SLOW_SEARCH_MS),
      evidence: [
        sign(isSlow, 'qdrant.search_time', p95Ms, SLOW_SEARCH_MS, `search p95 ${say(p95Ms)} ms${baseMs === null ? '' : `, ${say(baseMs)} ms at a quarter of the load`}`),
        share === null ? null : sign(isSlow && dominates, 'qdrant.search_mean', share * 100, TIME_SHARE * 100, `searches are ${say(share * 100)} % of the time requests take`),
        isSlow && isLong ? sign(true, 'qdrant.search_mean', meanMs, LONG_SEARCH_MS, `a search takes ${say(meanMs)} ms on the mean`) : null,
        isSlow && faults > MAJOR_FAULTS_PER_SEC ? sign(true, 'qdrant.major_faults', faults, MAJOR_FAULTS_PER_SEC, `${say(faults)} major page faults a second: the index is read from disk`) : null,
        isOver ? sign(true, 'qdrant.quota_exceeded', 1, 0, 'its quota of memory or disk is exceeded') : null,
        refused > 0 ? sign(isSlow || isOver, 'qdrant.errors', refused, 0, `${sayMany(refused, 'search was', 'searches were')} not answered with 200`) : null,
      ],
      contradictions: [short === null || isOver ? null : against(short.metric ?? 'host.cpu', short.observed ?? 0, short.limit ?? 0, `${short.text}: the search may be starved, not slow`)],
      unread: [isOver || levelOf(series('host.cpu'), judged) !== null ? null : notRead('host.cpu', 'whether its host has CPU left was not read (--probe host=local)')],
    });
  },
};

/** The fastest tenth of the seconds at a quarter of the load: hardly any of these searches waited for another. */
function unhinderedMs({ series, reference }: Situation): number | null {
  return reference ? quantileOf(series('qdrant.search_mean'), reference, 0.1) : null;
}
