import type { Queue } from 'bullmq';
import type { AppMetrics } from './metrics.ts';

const COUNT_PERIOD_MS = 1000;
const STATES = ['waiting', 'active', 'delayed', 'prioritized', 'failed'] as const;

/** Tells the jobs of all these queues by state, once a second rather than at the scrape: a scrape must be answered while Redis is not. */
export function countJobs(queues: readonly Pick<Queue, 'getJobCounts'>[], metrics: AppMetrics): { stop(): void } {
  for (const state of STATES) metrics.queueJobs.set({ state }, 0);
  const count = async (): Promise<void> => {
    const counts = await Promise.all(queues.map((queue) => queue.getJobCounts(...STATES)));
    for (const state of STATES) metrics.queueJobs.set({ state }, counts.reduce((sum, jobs) => sum + (jobs[state] ?? 0), 0));
  };
  // A Redis that does not answer leaves the figures of the last second.
  const timer = setInterval(() => void count().catch(() => {}), COUNT_PERIOD_MS).unref();
  return { stop: () => clearInterval(timer) };
}
