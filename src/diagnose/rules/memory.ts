import type { Evidence } from '../../model/report.ts';
import type { Rule, Situation } from '../rule.ts';
import { say } from '../say.ts';
import { meanOf, onsetOf, totalOf } from '../window.ts';

/** A tenth of the time collecting garbage is a lot; a fifth means that little is found in each collection. */
const GC_PERCENT = 20;
/** The heap, or the process, gained this share between the first and the last third of the run: it does not level off. */
const GROWTH_SHARE = 0.2;
/** Above this the kernel begins to take pages back that are needed again at once. */
const FULL_PERCENT = 95;
/** One second in ten some task waits for memory. */
const PRESSURE_PERCENT = 10;

/** Memory runs out: the heap's collections stop the application, or the host reclaims pages that are needed. */
export const memory: Rule = {
  id: 'memory',
  remedy: 'find what keeps growing (heap snapshots), give the process or the host more memory, spread the work over instances',
  about: 'Necessary: collecting garbage takes a fifth of the time, or 95 % of the host’s (or the control group’s) memory is in use, or some task waits for memory a tenth of the time, or a process was killed for want of it. Sufficient: killed; or full and waiting; or collecting with a heap that grows by a fifth within the run; or collecting two fifths of the time.',
  evaluate(situation) {
    const { series, judged } = situation;
    const gc = meanOf(series('node.gc_time'), judged);
    const used = meanOf(series('host.memory'), judged);
    const group = meanOf(series('host.group_memory'), judged);
    if (gc === null && used === null) return { status: 'not-enough-data', missing: 'memory of the application or the host (--probe node=http://…/metrics, --probe host=local)' };
    const pressure = meanOf(series('host.memory_pressure'), judged) ?? 0;
    const killed = totalOf(series('host.oom_kills'), judged) ?? 0;
    const growth = growthOf(situation);
    const collects = (gc ?? 0) >= GC_PERCENT;
    const full = Math.max(used ?? 0, group ?? 0) >= FULL_PERCENT;
    const presses = pressure >= PRESSURE_PERCENT;
    const evidence: Evidence[] = [];
    if (gc !== null) evidence.push({ for: collects, metric: 'node.gc_time', observed: gc, limit: GC_PERCENT, text: `collecting garbage takes ${say(gc)} % of the time` });
    if (growth !== null && collects) evidence.push({ for: growth.share >= GROWTH_SHARE, metric: growth.metric, observed: growth.share * 100, limit: GROWTH_SHARE * 100, text: `the ${growth.metric === 'node.heap_used' ? 'heap' : 'process'} grew by ${say(growth.share * 100)} % in the run` });
    if (used !== null) evidence.push({ for: full, metric: 'host.memory', observed: Math.max(used, group ?? 0), limit: FULL_PERCENT, text: `${say(Math.max(used, group ?? 0))} % of the memory in use` });
    if (presses) evidence.push({ for: true, metric: 'host.memory_pressure', observed: pressure, limit: PRESSURE_PERCENT, text: `some task waits for memory ${say(pressure)} % of the time` });
    if (killed > 0) evidence.push({ for: true, metric: 'host.oom_kills', observed: killed, limit: 0, text: `${say(killed)} processes were killed for want of memory` });
    return {
      status: 'judged',
      signs: {
        necessary: collects || presses || killed > 0 || full,
        sufficient: killed > 0 || (full && presses) || (collects && (growth?.share ?? 0) >= GROWTH_SHARE) || (gc ?? 0) >= 2 * GC_PERCENT,
        hardError: killed > 0, law: false, contradictions: 0,
      },
      onsetSecond: onsetOf(series('node.gc_time'), (value) => value >= GC_PERCENT, 3) ?? onsetOf(series('host.memory_pressure'), (value) => value >= PRESSURE_PERCENT, 3),
      evidence,
    };
  },
};

function growthOf({ series, judged: [from, to] }: Situation): { metric: 'node.heap_used' | 'node.memory'; share: number } | null {
  const third = Math.floor((to - from) / 3);
  for (const metric of ['node.heap_used', 'node.memory'] as const) {
    const [first, last] = [meanOf(series(metric), [from, from + third]), meanOf(series(metric), [to - third, to])];
    if (first !== null && last !== null && first > 0) return { metric, share: last / first - 1 };
  }
  return null;
}
