import type { Evidence } from '../../model/report.ts';
import { against, found, notEnoughData, sign } from '../finding.ts';
import type { Rule, Situation } from '../rule.ts';
import { say } from '../say.ts';
import { isSaturated } from '../signs/database.ts';
import { LATE_MS, loopOf } from '../signs/event-loop.ts';
import { DEGRADED_FACTOR, requestShare, TIME_SHARE } from '../signs/request-time.ts';
import { levelOf, onsetOf } from '../window.ts';

/** A file that is in the page cache is read in well under a millisecond; the scaling documents upgrade at 100 ms. */
const SLOW_READ_MS = 100;
/** A fifth of the time some task waits for a disk. */
const PRESSURE_PERCENT = 20;
/** Pages fetched back after they were taken away: then it is memory that is short, and the disk only shows it. */
const FETCHED_PAGES_PER_SEC = 100;

/** Reading files takes the time that users wait: a slow volume, too many files, no cache in front. */
export const fileReads: Rule = {
  id: 'file-reads',
  remedy: 'put a cache in front of the files, move what is asked often into a database, use a faster volume',
  metrics: ['files.read_time', 'files.count', 'host.disk_read_time'],
  about: {
    necessary: `the application’s file reads take over ${SLOW_READ_MS} ms on the mean, and half of the mean request or ${DEGRADED_FACTOR} times their time at a quarter of the load; or, where it does not tell, some task waits for a disk ${PRESSURE_PERCENT} % of the time and the busiest device takes ${SLOW_READ_MS} ms for a read.`,
    sufficient: 'reads are half of the mean request, or the device itself is that slow and kept waiting for.',
    contradicted: [`an event loop over ${LATE_MS} ms late beside a disk that nobody waits for (the application’s clock times itself)`, 'the database’s own statements wait for the disk (it is the database)', `${FETCHED_PAGES_PER_SEC} pages a second swapped back in (it is memory)`],
  },
  evaluate(situation) {
    const { series, judged, reference } = situation;
    const reads = series('files.read_time');
    const readMs = levelOf(reads, judged);
    const [pressure, deviceMs] = [levelOf(series('host.io_pressure'), judged), levelOf(series('host.disk_read_time'), judged)];
    const isDeviceSlow = pressure !== null && deviceMs !== null && pressure >= PRESSURE_PERCENT && deviceMs >= SLOW_READ_MS;
    if (readMs === null && !isDeviceSlow) return notEnoughData('the application’s own file reads (file_read_duration_seconds on --probe node=http://…/metrics)', true);
    const baseMs = reference ? levelOf(reads, reference) : null;
    const requestMs = levelOf(series('http.mean'), judged);
    // How often a request reads is not told; a read as long as half a request is the larger part of those that do.
    const share = readMs === null || requestMs === null || requestMs <= 0 ? null : Math.min(1, readMs / requestMs);
    const dominates = (share !== null && share >= TIME_SHARE) || (requestShare(situation, levelOf(series('node.requests'), judged), readMs) ?? 0) >= TIME_SHARE;
    const isSlow = readMs !== null && readMs > SLOW_READ_MS && (dominates || (baseMs !== null && readMs > DEGRADED_FACTOR * baseMs));
    return found({
      necessary: isSlow || (readMs === null && isDeviceSlow),
      sufficient: dominates || isDeviceSlow,
      onset: onsetOf(reads, (value) => value > SLOW_READ_MS) ?? onsetOf(series('host.disk_read_time'), (value) => value >= SLOW_READ_MS),
      evidence: [
        readMs === null ? null : sign(isSlow, 'files.read_time', readMs, SLOW_READ_MS, `a file is read in ${say(readMs)} ms${baseMs === null ? '' : `, in ${say(baseMs)} ms at a quarter of the load`}`),
        isSlow && share !== null ? sign(dominates, 'files.read_time', share * 100, TIME_SHARE * 100, `that is ${say(share * 100)} % of the mean request`) : null,
        isDeviceSlow ? sign(true, 'host.disk_read_time', deviceMs, SLOW_READ_MS, `the busiest device takes ${say(deviceMs)} ms for a read, and some task waits for a disk ${say(pressure)} % of the time`) : null,
      ],
      contradictions: [isDeviceSlow ? null : lateClock(situation), ...others(situation)],
    });
  },
};

function lateClock(situation: Situation): Evidence | null {
  const { lagMs } = loopOf(situation);
  return lagMs !== null && lagMs > LATE_MS ? against('node.event_loop_lag', lagMs, LATE_MS, `the application’s clock is ${say(lagMs)} ms late: it times its own event loop`) : null;
}

function others(situation: Situation): (Evidence | null)[] {
  const full = isSaturated(situation);
  const swapped = levelOf(situation.series('host.swap_in'), situation.judged) ?? 0;
  return [
    full?.metric === 'postgres.io_waiting' ? full : null,
    swapped >= FETCHED_PAGES_PER_SEC ? against('host.swap_in', swapped, FETCHED_PAGES_PER_SEC, `${say(swapped)} pages a second are swapped back in: it is memory`) : null,
  ];
}
