import { against, found, notEnoughData, sign } from '../finding.ts';
import type { Evidence } from '../../model/report.ts';
import type { Rule, Situation } from '../rule.ts';
import { say, sayMany } from '../say.ts';
import { jobLaw } from '../signs/laws.ts';
import { levelOf, medianOf, onsetOf, quantileOf, standsFor, trendOf } from '../window.ts';

/** The last third of the time waits behind this many more jobs than the first: what comes is more than what is done. */
export const GROWTH_JOBS = 20;
/** Few jobs are many where each takes long: ten seconds to drain is what a person gives up after (Nielsen 1993), and five of them are no chance. */
const LONG_DRAIN_SECONDS = 10;
const FEWEST_JOBS = 5;
/** As many jobs waiting on the mean as the scaling documents alert at. */
const DEEP_JOBS = 100;
/** The workers are never idle: in nine of ten seconds as many jobs are worked on as in the fullest, give or take a fifth. */
const STEADY_SHARE = 0.8;
/** At 90 % utilisation a queue is nine jobs' work long on the mean (M/M/1), and grows with whatever is added. */
const BUSY_PERCENT = 90;
/** Half a minute behind is behind, however few jobs that are. */
const OLD_MS = 30_000;
/** Every other job fails: more workers would only fail faster. */
const FAILING_SHARE = 0.5;

/** Jobs come in faster than the workers do them. */
export const queue: Rule = {
  id: 'queue',
  remedy: 'more workers or more jobs at once for each, shorter jobs, a queue of their own for slow ones',
  metrics: ['queue.depth', 'queue.age', 'queue.job_time', 'queue.processing_rate', 'queue.worker_utilization', 'queue.worker_failures'],
  about: {
    necessary: `the queue is ${GROWTH_JOBS} jobs longer in the last third of the time than in the first, and longer from each third to the next (${FEWEST_JOBS} jobs where the last of them waits ${LONG_DRAIN_SECONDS} s); or ${DEEP_JOBS} jobs wait on the mean.`,
    sufficient: `and the workers never rest (${BUSY_PERCENT} % utilisation, or as many jobs at once in nine of ten seconds), or the oldest job has waited ${OLD_MS / 1000} s.`,
    law: 'jobs done at most = jobs at once ÷ time of a job.',
    contradicted: ['a queue that is paused on purpose', 'no worker connected (an outage, not a limit)', 'every other job fails (more workers would fail faster)'],
    remarks: 'Of several queues the deepest is judged, by its own workers.',
  },
  evaluate(whole) {
    const { situation, name } = deepestOf(whole);
    const { series, judged } = situation;
    const waiting = series('queue.depth');
    const depth = levelOf(waiting, judged);
    if (depth === null) return notEnoughData('the job queue (--probe bullmq=redis://…?queue=NAME)', true);
    const trend = trendOf(waiting, judged);
    const rises = trend !== null && trend.middle > trend.first && trend.last > trend.middle;
    const drainSeconds = drainTime(situation, trend?.last ?? depth);
    const isFarBehind = drainSeconds !== null && drainSeconds >= LONG_DRAIN_SECONDS;
    const grows = rises && (trend.last - trend.first >= GROWTH_JOBS || (isFarBehind && trend.last - trend.first >= FEWEST_JOBS));
    const stands = depth >= DEEP_JOBS && (trend === null || trend.last >= trend.first / 2);
    const busy = busyWorkers(situation);
    const ageMs = medianOf(series('queue.age'), judged);
    const isOld = ageMs !== null && ageMs >= OLD_MS;
    return found({
      necessary: grows || stands,
      sufficient: busy !== null || isOld,
      law: jobLaw(situation),
      onset: onsetOf(waiting, (value) => value >= GROWTH_JOBS),
      evidence: [
        sign(grows || stands, 'queue.depth', trend?.last ?? depth, (trend?.first ?? 0) + GROWTH_JOBS, grows ? `the queue${name} grows from ${say(trend.first)} to ${sayMany(trend.last, 'job', 'jobs')}` : `${sayMany(depth, 'job waits', 'jobs wait')} on the mean${name === '' ? '' : ` in the queue${name}`}`),
        grows && isFarBehind ? sign(true, 'queue.age', 1000 * drainSeconds, 1000 * LONG_DRAIN_SECONDS, `at the rate they are done, the last of them waits ${say(drainSeconds)} s`) : null,
        grows || stands ? busy : null,
        (grows || stands) && isOld ? sign(true, 'queue.age', ageMs, OLD_MS, `the oldest has waited ${say(ageMs / 1000)} s in the median second`) : null,
      ],
      contradictions: [...stopped(situation), failing(situation)],
    });
  },
};

/** Of several queues the one in which most jobs wait: how the others fare says nothing about its workers. */
function deepestOf(situation: Situation): { situation: Situation; name: string } {
  const depths = situation.instances('queue.depth').map((name) => ({ name, depth: levelOf(situation.series('queue.depth', name), situation.judged) ?? 0 }));
  const deepest = depths.reduce<(typeof depths)[number] | null>((most, one) => (most === null || one.depth > most.depth ? one : most), null);
  if (deepest === null || depths.length < 2) return { situation, name: '' };
  return { situation: { ...situation, series: (metric) => situation.series(metric, deepest.name) }, name: isAddress(deepest.name) ? '' : ` "${deepest.name}"` };
}

/** An application that tells of its queue has an address, and the queue no name there. */
function isAddress(name: string): boolean {
  return /:\d+(\/|$)/.test(name);
}

/** Little's law: as many jobs, done at this rate. Null where nothing is done at all: then it is no matter of rate. */
function drainTime({ series, judged }: Situation, jobs: number): number | null {
  const perSec = levelOf(series('queue.processing_rate'), judged);
  return perSec === null || perSec <= 0 ? null : jobs / perSec;
}

/** The workers have no moment's rest. */
function busyWorkers({ series, judged }: Situation): Evidence | null {
  const utilization = levelOf(series('queue.worker_utilization'), judged);
  if (utilization !== null && utilization >= BUSY_PERCENT) return sign(true, 'queue.worker_utilization', utilization, BUSY_PERCENT, `the workers are busy ${say(utilization)} % of the time`);
  const active = series('queue.active');
  const [low, high] = [quantileOf(active, judged, 0.1), quantileOf(active, judged, 0.9)];
  if (medianOf(active, judged) === null || low === null || high === null || high === 0 || low < STEADY_SHARE * high) return null;
  return sign(true, 'queue.active', low, STEADY_SHARE * high, `${sayMany(high, 'job is', 'jobs are')} worked on all the time: no worker rests`);
}

function stopped({ series, judged }: Situation): (Evidence | null)[] {
  return [
    standsFor(0.5, series('queue.paused'), judged, (value) => value > 0) ? against('queue.paused', 1, 0, 'the queue is paused on purpose') : null,
    standsFor(0.9, series('queue.workers'), judged, (value) => value === 0) ? against('queue.workers', 0, 1, 'no worker is connected: it is an outage') : null,
  ];
}

function failing({ series, judged }: Situation): Evidence | null {
  const [failed, done] = [levelOf(series('queue.worker_failures'), judged) ?? 0, levelOf(series('queue.processing_rate'), judged) ?? 0];
  return failed > 0 && failed >= FAILING_SHARE * (failed + done) ? against('queue.worker_failures', failed, FAILING_SHARE * (failed + done), `${sayMany(failed, 'job', 'jobs')} a second fail, ${say(done)} are done: it is the jobs`) : null;
}
