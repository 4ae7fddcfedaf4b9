import type { Evidence } from '../../model/report.ts';
import type { Rule, Situation } from '../rule.ts';
import { say } from '../say.ts';
import { meanOf, onsetOf, quantileOf } from '../window.ts';

/** The last third of the run waits behind this many more jobs than the first: what comes is more than what is done. */
const GROWTH_JOBS = 20;
/** As many jobs waiting on the mean as the scaling documents alert at. */
const DEEP_JOBS = 100;
/** The workers are never idle: in nine of ten seconds as many jobs are worked on as in the fullest, give or take a fifth. */
const STEADY_SHARE = 0.8;

/** Jobs come in faster than the workers do them. */
export const queue: Rule = {
  id: 'queue',
  remedy: 'more workers or more jobs at once for each, shorter jobs, a queue of their own for slow ones',
  about: 'Necessary: the queue is 20 jobs longer in the last third of the run than in the first, or 100 jobs wait on the mean. Sufficient: and the workers never rest (90 % utilisation, or as many jobs at once in nine of ten seconds). Law: jobs done at most = jobs at once ÷ time of a job. Contradicted by: a queue that is paused on purpose.',
  evaluate(whole) {
    const { situation, name } = deepestOf(whole);
    const { series, judged } = situation;
    const [from, to] = judged;
    const waiting = series('queue.depth');
    const depth = meanOf(waiting, judged);
    if (depth === null) return { status: 'not-enough-data', missing: 'the job queue (--probe bullmq=redis://…?queue=NAME)' };
    const third = Math.floor((to - from) / 3);
    const [first, last] = [meanOf(waiting, [from, from + third]) ?? depth, meanOf(waiting, [to - third, to]) ?? depth];
    const grows = last - first >= GROWTH_JOBS;
    const stands = depth >= DEEP_JOBS && last >= first / 2;
    const busy = busyWorkers(situation);
    const paused = (meanOf(series('queue.paused'), judged) ?? 0) > 0;
    const necessary = grows || stands;
    return {
      status: 'judged',
      signs: { necessary, sufficient: necessary && busy !== null, hardError: false, law: necessary && lawHolds(situation), contradictions: necessary && paused ? 1 : 0 },
      onsetSecond: onsetOf(waiting, (value) => value >= GROWTH_JOBS, 3),
      evidence: [
        { for: necessary, metric: 'queue.depth', observed: last, limit: first + GROWTH_JOBS, text: grows ? `the queue${name} grows from ${say(first)} to ${say(last)} jobs` : `${say(depth)} jobs wait on the mean${name === '' ? '' : ` in the queue${name}`}` },
        ...(necessary && busy !== null ? [busy] : []),
        ...(necessary ? lawEvidence(situation) : []),
        ...(necessary && paused ? [{ for: false, metric: 'queue.paused', observed: 1, limit: 0, text: 'the queue is paused on purpose' } as const] : []),
      ],
    };
  },
};

/** Of several queues the one in which most jobs wait: how the others fare says nothing about its workers. */
function deepestOf(situation: Situation): { situation: Situation; name: string } {
  const depths = situation.instances('queue.depth').map((name) => ({ name, depth: meanOf(situation.series('queue.depth', name), situation.judged) ?? 0 }));
  const deepest = depths.reduce<(typeof depths)[number] | null>((most, one) => (most === null || one.depth > most.depth ? one : most), null);
  if (deepest === null || depths.length < 2) return { situation, name: '' };
  return { situation: { ...situation, series: (metric) => situation.series(metric, deepest.name) }, name: ` "${deepest.name}"` };
}

/** The workers have no moment's rest. */
function busyWorkers({ series, judged }: Situation): Evidence | null {
  const utilization = meanOf(series('queue.worker_utilization'), judged);
  if (utilization !== null && utilization >= 90) return { for: true, metric: 'queue.worker_utilization', observed: utilization, limit: 90, text: `the workers are busy ${say(utilization)} % of the time` };
  const active = series('queue.active');
  const [low, high] = [quantileOf(active, judged, 0.1), quantileOf(active, judged, 0.9)];
  if (low === null || high === null || high === 0 || low < STEADY_SHARE * high) return null;
  return { for: true, metric: 'queue.active', observed: low, limit: STEADY_SHARE * high, text: `${say(high)} jobs are worked on all the time: no worker rests` };
}

/** Jobs done at most = jobs at once ÷ time of a job (utilisation law with U = 1); null where one is unknown. */
function law({ series, judged }: Situation): { rate: number; limit: number; active: number; jobMs: number } | null {
  const [active, jobMs, rate] = [meanOf(series('queue.active'), judged), meanOf(series('queue.job_time'), judged), meanOf(series('queue.processing_rate'), judged)];
  return active === null || jobMs === null || rate === null || jobMs <= 0 || active <= 0 ? null : { rate, limit: (active * 1000) / jobMs, active, jobMs };
}

function lawHolds(situation: Situation): boolean {
  const found = law(situation);
  return found !== null && Math.abs(found.rate - found.limit) <= 0.1 * found.limit;
}

function lawEvidence(situation: Situation): Evidence[] {
  const found = law(situation);
  if (found === null) return [];
  return [{ for: lawHolds(situation), metric: 'queue.processing_rate', observed: found.rate, limit: found.limit, text: `${say(found.active)} jobs at once ÷ ${say(found.jobMs)} ms = at most ${say(found.limit)}/s; measured ${say(found.rate)}/s` }];
}
