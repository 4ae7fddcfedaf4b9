import { against, found, notEnoughData, notRead, sign } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { say, sayMany } from '../say.ts';
import { medianOf, onsetOf, trendOf } from '../window.ts';

/** Somebody who saves and looks again within a tenth of a second is a program; the scaling documents ask for less than 100 ms. */
const LATE_MS = 100;
/** A second behind in the median second: people read what they have just changed, and it is not there. */
export const STALE_MS = 1000;
/** Three times as far behind at the end as at the beginning: it does not catch up. */
const GROWTH_FACTOR = 3;

/** The read replica is behind: what is read there is old. */
export const replicaLag: Rule = {
  id: 'replica-lag',
  remedy: 'a replica as strong as the primary, shorter transactions and fewer bulk writes, read your own writes from the primary',
  metrics: ['postgres.replica_lag'],
  about: {
    necessary: `the replica is over ${LATE_MS} ms behind in the median second.`,
    sufficient: `a second behind, or ${GROWTH_FACTOR} times as far behind in the last third of the time as in the first.`,
    contradicted: ['it has replayed everything that was written (an idle primary, or replication that stopped)'],
    remarks: 'Being a second behind is harm itself, whatever the answers’ times are: they are old.',
    unread: ['whether anything was left to replay'],
  },
  evaluate({ series, judged }) {
    const lag = series('postgres.replica_lag');
    const middleMs = medianOf(lag, judged);
    if (middleMs === null) return notEnoughData('the read replica (a second --probe postgres=postgres://…)', true);
    const trend = trendOf(lag, judged);
    const isLate = middleMs > LATE_MS;
    const grows = trend !== null && trend.last > GROWTH_FACTOR * Math.max(trend.first, LATE_MS) && trend.last > trend.middle;
    const behind = medianOf(series('postgres.replica_bytes_behind'), judged);
    return found({
      necessary: isLate,
      sufficient: middleMs >= STALE_MS || grows,
      onset: onsetOf(lag, (value) => value > LATE_MS),
      evidence: [
        sign(isLate, 'postgres.replica_lag', middleMs, LATE_MS, `the replica is ${say(middleMs)} ms behind in the median second`),
        isLate && grows ? sign(true, 'postgres.replica_lag', trend.last, trend.first, `and falls back from ${say(trend.first)} to ${say(trend.last)} ms`) : null,
        isLate && behind !== null && behind > 0 ? sign(true, 'postgres.replica_bytes_behind', behind, 0, `${sayMany(behind, 'byte', 'bytes')} of log not replayed yet`) : null,
      ],
      contradictions: [behind === 0 ? against('postgres.replica_bytes_behind', 0, 0, 'it has replayed everything that it received: nothing was written, or replication has stopped') : null],
      unread: [behind === null ? notRead('postgres.replica_bytes_behind', 'whether anything was left to replay was not read') : null],
    });
  },
};
