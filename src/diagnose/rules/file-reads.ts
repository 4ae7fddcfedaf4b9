import { requestShare } from '../request-share.ts';
import type { Rule } from '../rule.ts';
import { say } from '../say.ts';
import { meanOf, onsetOf, quantileOf } from '../window.ts';

/** A file that is in the page cache is read in well under a millisecond; the scaling documents upgrade at 100 ms. */
const SLOW_READ_MS = 100;
/** Twice its own time at a quarter of the load. */
const DEGRADED_FACTOR = 2;
/** Half of the time users wait. */
const TIME_SHARE = 0.5;
/** An event loop this late delays the clock that times the reads. */
const LATE_LOOP_MS = 100;

/** Reading files takes the time that users wait: a slow volume, too many files, no cache in front. */
export const fileReads: Rule = {
  id: 'file-reads',
  remedy: 'put a cache in front of the files, move what is asked often into a database, use a faster volume',
  about: 'Necessary: a file read takes over 100 ms on the mean, and half of the mean request or twice its time at a quarter of the load. Sufficient: and it is half of the mean request. Contradicted by: an event loop over 100 ms late (the application’s clock times itself).',
  evaluate(situation) {
    const { series, judged, reference } = situation;
    const reads = series('files.read_time');
    const readMs = meanOf(reads, judged);
    if (readMs === null) return { status: 'not-enough-data', missing: 'the application’s own file reads (file_read_duration_seconds on --probe node=http://…/metrics)' };
    const baseMs = reference ? meanOf(reads, reference) : null;
    const requestMs = meanOf(series('http.mean'), judged);
    // How often a request reads is not told; a read as long as half a request is the larger part of those that do.
    const share = requestMs === null || requestMs <= 0 ? null : Math.min(1, readMs / requestMs);
    const dominates = (share !== null && share >= TIME_SHARE) || (requestShare(situation, meanOf(series('node.requests'), judged), readMs) ?? 0) >= TIME_SHARE;
    const degraded = baseMs !== null && readMs > DEGRADED_FACTOR * baseMs;
    const necessary = readMs > SLOW_READ_MS && (dominates || degraded);
    const lagMs = quantileOf(series('node.event_loop_lag'), judged, 0.5) ?? 0;
    const late = necessary && lagMs > LATE_LOOP_MS;
    return {
      status: 'judged',
      signs: { necessary, sufficient: necessary && dominates, hardError: false, law: false, contradictions: late ? 1 : 0 },
      onsetSecond: onsetOf(reads, (value) => value > SLOW_READ_MS, 3),
      evidence: [
        { for: necessary, metric: 'files.read_time', observed: readMs, limit: SLOW_READ_MS, text: `a file is read in ${say(readMs)} ms${baseMs === null ? '' : `, in ${say(baseMs)} ms at a quarter of the load`}` },
        ...(necessary && share !== null ? [{ for: dominates, metric: 'files.read_time', observed: share * 100, limit: TIME_SHARE * 100, text: `that is ${say(share * 100)} % of the mean request` } as const] : []),
        ...(late ? [{ for: false, metric: 'node.event_loop_lag', observed: lagMs, limit: LATE_LOOP_MS, text: `the application's clock is ${say(lagMs)} ms late: it times its own event loop` } as const] : []),
      ],
    };
  },
};
