import type { Evidence } from '../../model/report.ts';
import type { Rule, Situation } from '../rule.ts';
import { say } from '../say.ts';
import { meanOf, onsetOf, totalOf } from '../window.ts';

/** A vector search within 100 ms is not what a person waits for; HNSW on a fitting index answers in a tenth of it. */
const SLOW_SEARCH_MS = 100;
/** Twice its own time at a quarter of the load: it degrades with load, rather than being slow by nature. */
const DEGRADED_FACTOR = 2;
/** Half of all the time requests spend: whatever else is improved, the searches remain the larger part. */
const TIME_SHARE = 0.5;
/** Major page faults a second at which a memory-mapped index is read from disk again and again. */
const MAJOR_FAULTS_PER_SEC = 100;
/** Half of the time some task of the host waits for a CPU: a slow search may then be a starved one. */
const STARVED_PRESSURE_PERCENT = 50;

/** Searches in the vector store take the time that users wait. */
export const qdrant: Rule = {
  id: 'qdrant',
  remedy: 'cache embeddings and results, give the collection an index that fits in memory, add nodes',
  about: 'Necessary: the searches’ p95, from the server’s own histograms over the tick, is over 100 ms and twice that at a quarter of the load (or over half of all request time, where it was slow from the start). Sufficient: and searches are half of all the time requests take (Little’s law on both), or more than 100 major page faults a second. Contradicted by: tasks of the host waiting for a CPU half of the time on a busy host (starved, not slow).',
  evaluate(situation) {
    const { series, judged, reference } = situation;
    const searches = series('qdrant.search_time');
    if (!searches) return { status: 'not-enough-data', missing: 'the vector store’s histograms (--probe qdrant=http://…:6333)' };
    const p95Ms = meanOf(searches, judged);
    if (p95Ms === null) return { status: 'not-enough-data', missing: 'a search in the judged part of the run' };
    const baseMs = reference ? meanOf(searches, reference) : null;
    const share = timeShareOf(situation);
    const degraded = baseMs === null || p95Ms > DEGRADED_FACTOR * baseMs;
    const dominates = share !== null && share >= TIME_SHARE;
    // Slow from the first second on leaves no better reference: then the share of the users' time must speak.
    const necessary = p95Ms > SLOW_SEARCH_MS && (degraded || dominates);
    const faults = meanOf(series('qdrant.major_faults'), judged) ?? 0;
    const refused = totalOf(series('qdrant.errors'), judged) ?? 0;
    const starved = starvedBy(situation);
    return {
      status: 'judged',
      signs: {
        necessary, sufficient: necessary && (dominates || faults > MAJOR_FAULTS_PER_SEC),
        hardError: false, law: false, contradictions: necessary && starved ? 1 : 0,
      },
      onsetSecond: onsetOf(searches, (value) => value > SLOW_SEARCH_MS, 3),
      evidence: [
        ...searchEvidence(p95Ms, baseMs, necessary),
        ...shareEvidence(share, dominates),
        ...(refused > 0 ? [{ for: necessary, metric: 'qdrant.errors', observed: refused, limit: 0, text: `${say(refused)} searches were not answered with 200` } as const] : []),
        ...(necessary && starved ? [starved] : []),
      ],
    };
  },
};

function searchEvidence(p95Ms: number, baseMs: number | null, necessary: boolean): Evidence[] {
  const before = baseMs === null ? '' : `, ${say(baseMs)} ms at a quarter of the load`;
  return [{ for: necessary, metric: 'qdrant.search_time', observed: p95Ms, limit: SLOW_SEARCH_MS, text: `search p95 ${say(p95Ms)} ms${before}` }];
}

function shareEvidence(share: number | null, dominates: boolean): Evidence[] {
  if (share === null) return [];
  return [{ for: dominates, metric: 'qdrant.search_mean', observed: share * 100, limit: TIME_SHARE * 100, text: `searches are ${say(share * 100)} % of the time requests take` }];
}

/** Σ time in searches ÷ Σ time in requests, both from Little's law (rate × mean time = requests present). */
function timeShareOf({ series, judged }: Situation): number | null {
  const perSec = meanOf(series('qdrant.searches'), judged);
  const searchMs = meanOf(series('qdrant.search_mean'), judged);
  const requestsPerSec = meanOf(series('http.throughput'), judged);
  const requestMs = meanOf(series('http.mean'), judged);
  if (perSec === null || searchMs === null || requestsPerSec === null || requestMs === null || requestsPerSec * requestMs <= 0) return null;
  return Math.min(1, (perSec * searchMs) / (requestsPerSec * requestMs));
}

function starvedBy({ series, judged }: Situation): Evidence | null {
  const pressure = meanOf(series('host.cpu_pressure'), judged);
  const busy = meanOf(series('host.cpu'), judged);
  if (pressure === null || busy === null || pressure < STARVED_PRESSURE_PERCENT || busy < 95) return null;
  return { for: false, metric: 'host.cpu_pressure', observed: pressure, limit: STARVED_PRESSURE_PERCENT, text: `tasks of this host wait for a CPU ${say(pressure)} % of the time: the search may be starved, not slow` };
}
