import type { Report, StepSummary } from '../model/report.ts';
import type { Reporter } from './reporter.ts';

/** What GitLab's merge-request widget for load performance reads: the names are those of k6's summary. */
export const gitlab = { name: 'gitlab', fileName: 'load-performance.json', render: (report: Report): string => `${JSON.stringify(loadPerformance(report), null, 2)}\n` } satisfies Reporter;

/** A metric that was not measured is left out: the widget would compare a `null` as if it were a figure. */
function loadPerformance({ verdicts, steps }: Report): { readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>> } {
  const load = steps.find(({ suite }) => suite === 'load') ?? steps[0];
  const required = verdicts.filter(({ condition }) => condition.kind === 'threshold' && condition.required);
  const passes = required.filter(({ status }) => status === 'pass' || status === 'warn').length;
  return {
    metrics: {
      // Without a threshold the widget would divide by zero.
      ...(required.length > 0 ? { checks: { passes, fails: required.length - passes, value: passes / required.length } } : {}),
      ...(load ? trafficOf(load) : {}),
    },
  };
}

/** Time to the first byte where the engine sees it; `http_reqs` counts what was answered, in the judged seconds. */
function trafficOf({ requests, judgedSeconds, ttfbMs, latencyMs }: StepSummary): Record<string, Record<string, number>> {
  const times = (figures: StepSummary['ttfbMs']): Record<string, number> => Object.fromEntries(Object.entries({
    avg: figures.mean, med: figures.p50, max: figures.max, 'p(90)': figures.p90, 'p(95)': figures.p95, 'p(99)': figures.p99,
  }).filter((pair): pair is [string, number] => pair[1] !== null));
  return {
    ...(judgedSeconds > 0 ? { http_reqs: { count: requests, rate: requests / judgedSeconds } } : {}),
    ...(ttfbMs.p95 === null ? {} : { http_req_waiting: times(ttfbMs) }),
    ...(latencyMs.p95 === null ? {} : { http_req_duration: times(latencyMs) }),
  };
}
