import type { ExperimentFacts } from '../model/experiment.ts';
import type { Interval } from '../model/interval.ts';
import type { Trial } from '../model/run.ts';
import { conduct } from '../run/experiment.ts';
import { countWrites, traceWrites } from '../run/writes.ts';
import type { PlannedExperiment } from './experiment.ts';
import type { Target } from './target.ts';

/** Writes go on for a moment after it: what was under way when it ended may be lost as well. */
const AFTER_SECONDS = 5;

export interface OpenedExperiment {
  /** Ends the load: when the run is interrupted, or when the experiment could not be begun. */
  readonly signal: AbortSignal;
  onInterval(step: number, interval: Interval): void;
  /** Ends what is begun and counts the writes. May be called again. */
  finish(): Promise<{ readonly experiment: ExperimentFacts; readonly trials: readonly Trial[] }>;
}

/** Begins the experiment when the load has come to its second, with writes beside it that can be counted afterwards. */
export function openExperiment(planned: PlannedExperiment, target: Target, say: (line: string) => void, signal: AbortSignal): OpenedExperiment {
  const { name, what, lastsSeconds, expects, beginsAtSecond, leadSeconds } = planned;
  const failed = new AbortController();
  const written = new AbortController();
  const disturbance = planned.disturbance(target);
  const conductor = conduct(disturbance, { lastsSeconds, signal, onFailure: () => failed.abort() });
  let [hasBegun, writing]: [boolean, ReturnType<typeof traceWrites> | null] = [false, null];
  let finished: ReturnType<OpenedExperiment['finish']> | null = null;

  async function finish(): ReturnType<OpenedExperiment['finish']> {
    const conducted = await conductor.finish();
    written.abort();
    const facts = { name, what, lastsSeconds, isLasting: disturbance.end !== null, expects, ...conducted };
    const { trial, note } = await consistencyOf(target, writing, signal);
    return { experiment: { ...facts, notes: note === null || !hasBegun ? [] : [note] }, trials: trial === null ? [] : [trial] };
  }

  return {
    signal: AbortSignal.any([signal, failed.signal]),
    onInterval(step, { second }) {
      if (step !== planned.step || signal.aborted) return;
      const now = second + 1;
      if (target.writes !== null && now >= beginsAtSecond - leadSeconds) writing ??= traceWrites(target.url, target.writes, AbortSignal.any([signal, written.signal]));
      if (now >= beginsAtSecond && !hasBegun) {
        hasBegun = true;
        say(`Experiment ${name}: ${what}`);
        conductor.begin();
      }
      if (now >= beginsAtSecond + lastsSeconds + AFTER_SECONDS) written.abort();
    },
    finish: () => (finished ??= finish()),
  };
}

async function consistencyOf({ writes }: Target, writing: ReturnType<typeof traceWrites> | null, signal: AbortSignal): Promise<{ trial: Trial | null; note: string | null }> {
  if (writes === null) return { trial: null, note: 'Data consistency was not measured: name a write and who counts it (--write, --check-url or --check-sql).' };
  if (writing === null) return { trial: null, note: null };
  try {
    const trial = await countWrites(writes, await writing, signal, 'during the experiment');
    return { trial, note: trial === null ? 'Data consistency was not measured: no write was acknowledged.' : null };
  } catch (error) {
    return { trial: null, note: `Data consistency was not measured: the writes could not be counted (${error instanceof Error ? error.message : String(error)}).` };
  }
}
