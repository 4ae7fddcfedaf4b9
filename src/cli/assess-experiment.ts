import { judge } from '../judge/judge.ts';
import type { ExperimentFacts } from '../model/experiment.ts';
import type { Interval } from '../model/interval.ts';
import type { LoadShape } from '../model/load.ts';
import type { ExperimentFindings, Felt, Verdict } from '../model/report.ts';
import type { Run, RunStep } from '../model/run.ts';
import { stageWindows } from '../stats/stages.ts';
import { latencyFigure, tally } from '../stats/tally.ts';
import { recoverySeconds, stuckAfter } from '../stress/recovery.ts';

/** What users felt while something was done to the target, how long until all was well again, and whether a write was lost. */
export function assessExperiment(run: Run, facts: ExperimentFacts): ExperimentFindings {
  const step = run.steps.findLast(({ suite }) => suite === 'load');
  const seconds = step === undefined ? null : secondsOf(step, facts);
  const { name, what, notes } = facts;
  const consistency = consistencyIn(run);
  if (step === undefined || seconds === null || facts.failure !== null) {
    const summary = facts.failure ?? 'the load had ended before it was to begin';
    return { name, what, notes, consistency, outcome: 'not-carried-out', summary, before: null, during: null, after: null, verdicts: [], recovery: null };
  }
  const judged = stageWindows(step).filter((window) => window.judged);
  const before = feltIn(step, [judged[0]?.from ?? 0, judged.at(-1)?.to ?? 0]);
  const measured = step.intervals.length;
  const verdicts = judge({ ...run, steps: [{ ...step, shape: judgedOnly(step.shape, seconds) }] }, [{ suite: 'load', conditions: facts.expects }], { acceptNoise: run.acceptNoise });
  // What is over as soon as it has begun is recovered from its begin on.
  const overAt = facts.isLasting ? seconds[1] : seconds[0];
  const recovered = recoverySeconds(step, overAt, { conditions: facts.expects, perSec: before?.throughputPerSec ?? 0, samples: run.samples });
  const recovery = measured > overAt ? { seconds: recovered, watchedSeconds: measured - overAt, stuck: stuckAfter(run.samples, step.endedAtMs) } : null;
  return {
    name, what, notes, consistency, verdicts, recovery,
    ...outcomeOf(verdicts, recovery, consistency),
    before, during: feltIn(step, seconds), after: feltIn(step, [seconds[1], measured]),
  };
}

/** The seconds of the step's load in which users could feel it; null: it never began. */
function secondsOf({ intervals, startedAtMs }: RunStep, { beganAtMs, endedAtMs, isLasting, lastsSeconds }: ExperimentFacts): readonly [number, number] | null {
  if (beganAtMs === null) return null;
  const zeroMs = intervals[0]?.startedAtMs ?? startedAtMs;
  const from = Math.max(0, Math.floor((beganAtMs - zeroMs) / 1000));
  const to = isLasting && endedAtMs !== null ? Math.ceil((endedAtMs - zeroMs) / 1000) : from + lastsSeconds;
  const end = Math.min(Math.max(to, from + 1), intervals.length);
  return end > from ? [from, end] : null;
}

/** The same load, of which these seconds alone are judged. */
function judgedOnly(shape: LoadShape, [from, to]: readonly [number, number]): LoadShape {
  const cut = <Stage extends LoadShape['stages'][number]>(stages: readonly Stage[]): Stage[] => {
    let start = 0;
    return stages.flatMap((stage) => {
      const [begin, end] = [start, start + stage.durationSeconds];
      start = end;
      const edges = [begin, ...[from, to].filter((edge) => edge > begin && edge < end), end];
      return edges.slice(1).map((edge, index) => {
        const first = edges[index] ?? begin;
        return { ...stage, durationSeconds: edge - first, judged: first >= from && edge <= to };
      });
    });
  };
  return shape.model === 'open' ? { model: 'open', stages: cut(shape.stages) } : { model: 'closed', stages: cut(shape.stages) };
}

function feltIn({ intervals, timeoutMs }: RunStep, [from, to]: readonly [number, number]): Felt | null {
  const own = intervals.filter(({ second }: Interval) => second >= from && second < to);
  if (own.length === 0) return null;
  const sums = tally(own.flatMap(({ rows }) => rows));
  return {
    seconds: { from, to }, requests: sums.requests, errors: sums.errors,
    errorPercent: sums.requests === 0 ? null : (100 * sums.failed) / sums.requests,
    p95Ms: latencyFigure(sums, 'http.p95', timeoutMs)?.valueMs ?? null,
    throughputPerSec: sums.successes / own.length,
  };
}

function consistencyIn({ trials }: Run): ExperimentFindings['consistency'] {
  const trial = trials?.find(({ metric }) => metric === 'service.data_consistency');
  return trial === undefined ? null : { percent: trial.value, note: trial.note };
}

function outcomeOf(verdicts: readonly Verdict[], recovery: ExperimentFindings['recovery'], consistency: ExperimentFindings['consistency']): Pick<ExperimentFindings, 'outcome' | 'summary'> {
  const broken = verdicts.filter(({ status }) => status === 'fail').length;
  const faults = [
    ...(broken > 0 ? [`${broken} of ${verdicts.length} expectations broke while it lasted`] : []),
    ...(recovery !== null && recovery.seconds === null ? [`not every expectation held again within ${recovery.watchedSeconds} s`] : []),
    ...(consistency !== null && consistency.percent < 100 ? ['writes were lost or applied twice'] : []),
  ];
  if (faults.length > 0) return { outcome: 'not-as-expected', summary: faults.join('; ') };
  const open = verdicts.filter(({ status }) => status === 'inconclusive').length;
  if (open > 0 || recovery === null) return { outcome: 'undecided', summary: recovery === null ? 'the load ended before a way back could be seen' : `${open} of ${verdicts.length} expectations could not be decided in so short a time` };
  const back = recovery.seconds === 0 ? 'at once' : `after ${recovery.seconds} s`;
  return { outcome: 'as-expected', summary: `every expectation held while it lasted, and ${recovery.seconds === 0 ? 'went on holding' : `again ${back}`}` };
}
