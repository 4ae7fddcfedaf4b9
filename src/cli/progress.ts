import type { Interval } from '../model/interval.ts';
import { stageAt } from '../model/load.ts';
import type { Sample } from '../model/sample.ts';
import { cut, widthOf, wrap } from '../reporters/layout.ts';
import { plain } from '../reporters/plain.ts';
import { latencyFigure, tally } from '../stats/tally.ts';
import type { Screen } from './host.ts';
import { LEAST_COLUMNS, liveLines, LIVE_ROWS, sayClock, secondsOf, type LiveView, type ProgressStep } from './live-view.ts';
import { createBlock, rowsOf } from './live-view-screen.ts';

/** Seconds the figures look back on: long enough to be steady, short enough to show a change. */
const LOOK_BACK_SECONDS = 10;
/** As many seconds of the past as the view may draw. */
const TRAIL_SECONDS = 20;

/** Messages, the live view while the load runs, and its end. */
export interface Progress {
  readonly say: (line: string) => void;
  readonly begin: (step: ProgressStep, index: number, total: number) => void;
  readonly tick: (interval: Interval) => void;
  /** What a probe read. */
  readonly read: (sample: Sample) => void;
  readonly end: () => void;
}

/**
 * On a terminal a block that renews itself every second (one line where the terminal is small); elsewhere a plain line every ten
 * seconds; nothing at all with --quiet.
 */
export function createProgress(screen: Screen, quiet: boolean): Progress {
  if (quiet) return { say: () => {}, begin: () => {}, tick: () => {}, read: () => {}, end: () => {} };
  const block = createBlock(screen);
  let view: LiveView | null = null;
  let samples: Sample[] = [];
  const show = (last: Interval): void => {
    if (!view) return;
    if (!screen.isTerminal) {
      if ((last.second + 1) % LOOK_BACK_SECONDS === 0) screen.write(`${plainLine(view)}\n`);
    } else if (screen.columns() < LEAST_COLUMNS || rowsOf(screen) <= LIVE_ROWS) {
      // A line as wide as the terminal would wrap, and its first half could never be overwritten.
      block.draw([cut(plainLine(view), Math.max(1, screen.columns() - 1))]);
    } else {
      block.draw(liveLines(view, screen.columns(), screen.chalk));
    }
  };
  return {
    say: (line) => {
      block.clear();
      // A terminal would break a long message within a word.
      const lines = line.split('\n').flatMap((one) => (screen.isTerminal && widthOf(one) > screen.columns() ? wrap(one, screen.columns(), '') : [one]));
      screen.write(`${lines.join('\n')}\n`);
    },
    begin: (step, index, total) => {
      // Names come from scenarios and plans: none may move the cursor.
      view = { step: plain(step), index, total, intervals: [], samples, timeoutMs: step.timeoutMs, isJudged: false, trail: [], requests: 0, failed: 0 };
    },
    tick: (interval) => {
      if (!view) return;
      const since = (samples.at(-1)?.atMs ?? 0) - LOOK_BACK_SECONDS * 1000;
      samples = samples.filter(({ atMs }) => atMs > since);
      view = next(view, interval, samples);
      show(interval);
    },
    read: (sample) => {
      samples.push(sample);
    },
    end: block.clear,
  };
}

function next(view: LiveView, interval: Interval, samples: readonly Sample[]): LiveView {
  const { step } = view;
  const sums = tally(interval.rows);
  const p95 = latencyFigure(sums, 'http.p95', step.timeoutMs);
  return {
    ...view, samples,
    intervals: [...view.intervals.slice(1 - LOOK_BACK_SECONDS), interval],
    isJudged: stageAt(step.shape, interval.second)?.judged === true && stageAt(step.shape, interval.second - LOOK_BACK_SECONDS)?.judged === true,
    trail: [...view.trail.slice(1 - TRAIL_SECONDS), { p95Ms: p95?.valueMs ?? null, ratePerSec: sums.requests }],
    requests: view.requests + sums.requests, failed: view.failed + sums.failed,
  };
}

/** All of it in one line; what a narrow terminal cuts off comes last: which stage it is can be guessed, how it fares cannot. */
function plainLine({ step, index, total, intervals }: LiveView): string {
  const last = intervals.at(-1);
  const sums = tally(intervals.flatMap(({ rows }) => rows));
  const p95 = latencyFigure(sums, 'http.p95', step.timeoutMs);
  const elapsed = (last?.second ?? -1) + 1;
  const left = secondsOf(step.shape) - elapsed;
  return [
    `${total > 1 ? `[${index + 1}/${total}] ` : ''}${step.label}`,
    `${sayClock(elapsed)}${left > 0 ? ` (${step.shape.model === 'closed' ? '≤ ' : ''}${sayClock(left)} left)` : ''}`,
    `${(sums.requests / Math.max(1, intervals.length)).toFixed(1)}/s`,
    `p95 ${p95 ? `${p95.censored ? '≥ ' : ''}${p95.valueMs.toFixed(p95.valueMs < 10 ? 1 : 0)} ms` : '–'}`,
    sums.failed === 0 ? 'no errors' : `${sums.failed} error${sums.failed === 1 ? '' : 's'}`,
    (last && stageAt(step.shape, last.second)?.name) ?? 'drain',
  ].join(' · ');
}
