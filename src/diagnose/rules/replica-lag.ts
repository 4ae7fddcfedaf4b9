import type { Rule } from '../rule.ts';
import { say } from '../say.ts';
import { meanOf, onsetOf, quantileOf } from '../window.ts';

/** Somebody who saves and looks again within a tenth of a second is a program; the scaling documents ask for less than 100 ms. */
const LATE_MS = 100;
/** A second behind in the median second: people read what they have just changed, and it is not there. */
const STALE_MS = 1000;
/** Three times as far behind at the end as at the beginning: it does not catch up. */
const GROWTH_FACTOR = 3;

/** The read replica is behind: what is read there is old. */
export const replicaLag: Rule = {
  id: 'replica-lag',
  remedy: 'a replica as strong as the primary, shorter transactions and fewer bulk writes, read your own writes from the primary',
  about: 'Necessary: the replica is over 100 ms behind in the median second. Sufficient: a second behind, or three times as far behind in the last third of the run as in the first.',
  evaluate({ series, judged: [from, to] }) {
    const lag = series('postgres.replica_lag');
    const middleMs = quantileOf(lag, [from, to], 0.5);
    if (middleMs === null) return { status: 'not-enough-data', missing: 'the read replica (a second --probe postgres=postgres://…)' };
    const third = Math.floor((to - from) / 3);
    const [first, last] = [meanOf(lag, [from, from + third]) ?? middleMs, meanOf(lag, [to - third, to]) ?? middleMs];
    const late = middleMs > LATE_MS;
    const grows = last > GROWTH_FACTOR * Math.max(first, LATE_MS);
    return {
      status: 'judged',
      signs: { necessary: late, sufficient: late && (middleMs >= STALE_MS || grows), hardError: false, law: false, contradictions: 0 },
      onsetSecond: onsetOf(lag, (value) => value > LATE_MS, 3),
      evidence: [
        { for: late, metric: 'postgres.replica_lag', observed: middleMs, limit: LATE_MS, text: `the replica is ${say(middleMs)} ms behind in the median second` },
        ...(late && grows ? [{ for: true, metric: 'postgres.replica_lag', observed: last, limit: first, text: `and falls back from ${say(first)} to ${say(last)} ms` } as const] : []),
      ],
    };
  },
};
