import type { LoadShape } from '../model/load.ts';
import type { RunStep } from '../model/run.ts';
import type { Results } from './source.ts';
import { wrongResults } from './text-lines.ts';

/** Which seconds of the load are judged, from its beginning; null: all. */
export interface Judged {
  readonly fromSeconds: number | null;
  readonly toSeconds: number | null;
}

/** What was before `from` counts as ramp, what was after `to` is left out. Throws `wrong-results` where nothing is left. */
export function importedStep(file: string, results: Results, { fromSeconds, toSeconds }: Judged): RunStep {
  const from = Math.max(0, Math.floor(fromSeconds ?? 0));
  const to = Math.min(results.durationSeconds, Math.ceil(toSeconds ?? Infinity));
  if (to <= from) throw wrongResults(`${file}: nothing is left of its ${results.durationSeconds} s between --from and --to`, 'Name times within the test, or leave them out.');
  // Answers to what was sent before the end came after it.
  const intervals = toSeconds === null || toSeconds >= results.durationSeconds ? results.seconds : results.seconds.filter(({ second }) => second < to);
  return {
    suite: 'load', scenario: file, endpoint: null, engine: results.tool, engineVersion: 'unknown', model: results.model,
    shape: shapeOf(results, from, to), requestsPerArrival: requestsPerArrival(results), timeoutMs: results.timeoutMs,
    startedAtMs: results.startedAtMs, endedAtMs: results.startedAtMs + to * 1000, outcome: { status: 'completed' }, intervals, generatorReasons: results.generatorReasons,
  };
}

function shapeOf({ model, users, seconds }: Results, from: number, to: number): LoadShape {
  const ramp = { name: 'ramp' as const, judged: false, durationSeconds: from };
  const sustain = { name: 'sustain' as const, judged: true, durationSeconds: to - from };
  if (model === 'closed') {
    const stages = [ramp, sustain].map((stage) => ({ ...stage, users: users ?? 0, enough: null }));
    return { model, stages: from > 0 ? stages : stages.slice(1) };
  }
  const own = seconds.filter(({ second }) => second >= from && second < to);
  const rate = own.reduce((sum, { arrivals }) => sum + arrivals, 0) / Math.max(1, own.length);
  const stages = [ramp, sustain].map((stage) => ({ ...stage, arrivalsPerSec: { from: rate, to: rate } }));
  return { model, stages: from > 0 ? stages : stages.slice(1) };
}

function requestsPerArrival({ seconds }: Results): number {
  const arrivals = seconds.reduce((sum, one) => sum + one.arrivals, 0);
  const sent = seconds.reduce((sum, one) => sum + one.sent, 0);
  return arrivals === 0 ? 1 : sent / arrivals;
}
