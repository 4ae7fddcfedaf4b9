import { found, notEnoughData, sign } from '../finding.ts';
import type { Rule, Situation } from '../rule.ts';
import { say, sayMany } from '../say.ts';
import { GC_PERCENT } from '../signs/event-loop.ts';
import type { Evidence } from '../../model/report.ts';
import type { Series } from '../../stats/series.ts';
import { levelOf, onsetOf, totalOf, trendOf, type Window } from '../window.ts';

/** The heap, or the process, gained this share between the first and the last third of the time: it does not level off. */
const GROWTH_SHARE = 0.2;
/** Collecting for two fifths of the time leaves too little for anything else, whatever the heap does. */
const STARVING_GC_PERCENT = 40;
/** The plans scale up long before; above this the kernel begins to take pages back that are needed again at once. */
const FULL_PERCENT = 95;
/** One second in ten some task waits for memory. */
const PRESSURE_PERCENT = 10;
/** So many pages a second that have to be fetched back from a disk: what was taken away is needed. */
const FETCHED_PAGES_PER_SEC = 100;

/** A process that is started again answers within a few seconds; as many connections that break say that users miss it, too. */
const SILENT_SECONDS = 5;
/** A heap that half as much again was added to within so long, without a pause, is on its way somewhere. */
const GROWING_SECONDS = 15;
const GROWN_FACTOR = 1.5;

/** Memory runs out: the heap's collections stop the application, or the host reclaims pages that are needed. */
export const memory: Rule = {
  id: 'memory',
  remedy: 'find what keeps growing (heap snapshots), give the process or the host more memory, spread the work over instances',
  metrics: ['host.memory', 'node.memory', 'node.heap_used', 'node.gc_time'],
  about: {
    necessary: `collecting garbage takes ${GC_PERCENT} % of the time, or ${FULL_PERCENT} % of the host’s (or the control group’s) memory is in use, or some task waits for memory ${PRESSURE_PERCENT} % of the time; or the heap grew by half within ${GROWING_SECONDS} s, and then the process was gone (no metrics for ${SILENT_SECONDS} s, connections that break).`,
    sufficient: `full, and tasks wait for memory or ${FETCHED_PAGES_PER_SEC} pages a second are fetched back from a disk; or collecting with a heap that grows by ${GROWTH_SHARE * 100} %; or collecting ${STARVING_GC_PERCENT} % of the time; or the process that was gone.`,
    certain: 'a process was killed for want of memory, beside one of the necessary signs.',
    contradicted: [],
    remarks: 'In use is what is not available: page cache is given back when somebody needs it, and does not count.',
  },
  evaluate(situation) {
    const { series, judged } = situation;
    const level = (metric: Parameters<typeof series>[0]): number | null => levelOf(series(metric), judged);
    const gc = level('node.gc_time');
    const used = maxOf(level('host.memory'), level('host.group_memory'));
    if (gc === null && used === null) return notEnoughData('memory of the application or the host (--probe node=http://…/metrics, --probe host=local)');
    const pressure = level('host.memory_pressure') ?? 0;
    const fetched = Math.max(level('host.swap_in') ?? 0, level('host.major_faults') ?? 0, level('node.major_faults') ?? 0);
    const killed = totalOf(series('host.oom_kills'), judged) ?? 0;
    const growth = growthOf(situation);
    const ended = endedFull(situation);
    const collects = (gc ?? 0) >= GC_PERCENT;
    const isFull = (used ?? 0) >= FULL_PERCENT;
    const presses = pressure >= PRESSURE_PERCENT;
    return found({
      necessary: collects || presses || isFull || ended !== null,
      sufficient: (isFull && (presses || fetched >= FETCHED_PAGES_PER_SEC)) || (collects && (growth?.share ?? 0) >= GROWTH_SHARE) || (gc ?? 0) >= STARVING_GC_PERCENT || killed > 0 || ended !== null,
      hardError: killed > 0,
      onset: onsetOf(series('node.gc_time'), (value) => value >= GC_PERCENT) ?? onsetOf(series('host.memory_pressure'), (value) => value >= PRESSURE_PERCENT) ?? onsetOf(series('host.memory'), (value) => value >= FULL_PERCENT),
      evidence: [
        ended,
        gc === null ? null : sign(collects, 'node.gc_time', gc, GC_PERCENT, `collecting garbage takes ${say(gc)} % of the time`),
        growth !== null && collects ? sign(growth.share >= GROWTH_SHARE, growth.metric, growth.share * 100, GROWTH_SHARE * 100, `the ${growth.metric === 'node.heap_used' ? 'heap' : 'process'} grew by ${say(growth.share * 100)} %`) : null,
        used === null ? null : sign(isFull, 'host.memory', used, FULL_PERCENT, `${say(used)} % of the memory in use`),
        presses ? sign(true, 'host.memory_pressure', pressure, PRESSURE_PERCENT, `some task waits for memory ${say(pressure)} % of the time`) : null,
        isFull && fetched >= FETCHED_PAGES_PER_SEC ? sign(true, 'host.major_faults', fetched, FETCHED_PAGES_PER_SEC, `${say(fetched)} pages a second are fetched back from a disk`) : null,
        killed > 0 && (collects || presses || isFull) ? sign(true, 'host.oom_kills', killed, 0, `${sayMany(killed, 'process was', 'processes were')} killed for want of memory`) : null,
      ],
    });
  },
};

/**
 * The heap grew from reading to reading, and then nobody answers any more, neither the probe nor the users: a process that has reached
 * the limit of its heap ends at once, often before it has collected for long.
 */
function endedFull({ series, judged, client, whole }: Situation): Evidence | null {
  const heap = series('node.heap_used');
  const last = lastReading(heap, judged);
  if (heap === null || last === null || whole[1] - last < SILENT_SECONDS) return null;
  const trend = trendOf(heap, [Math.max(0, last - GROWING_SECONDS), last + 1]);
  if (trend === null || trend.middle <= trend.first || trend.last <= trend.middle || trend.last < GROWN_FACTOR * trend.first) return null;
  const errors = client?.errorsIn([last, whole[1]]) ?? {};
  if ((errors.refused ?? 0) + (errors.reset ?? 0) + (errors.closed ?? 0) < SILENT_SECONDS) return null;
  return sign(true, 'node.heap_used', trend.last, trend.first, `the heap grew from ${say(trend.first / 1e6)} to ${say(trend.last / 1e6)} MB within ${GROWING_SECONDS} s, and then the process was gone`);
}

function lastReading(series: Series | null, [from, to]: Window): number | null {
  for (let second = Math.min(to, series?.values.length ?? 0) - 1; second >= from; second -= 1) if (!Number.isNaN(series?.values[second] ?? Number.NaN)) return second;
  return null;
}

function maxOf(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

function growthOf({ series, judged }: Situation): { metric: 'node.heap_used' | 'node.memory'; share: number } | null {
  for (const metric of ['node.heap_used', 'node.memory'] as const) {
    const trend = trendOf(series(metric), judged);
    if (trend !== null && trend.first > 0) return { metric, share: trend.last / trend.first - 1 };
  }
  return null;
}
