import type { Interval } from '../model/interval.ts';
import type { LoadShape } from '../model/load.ts';
import { stageAt } from '../model/load.ts';
import { latencyQuantile, mergeHistograms } from '../stats/histogram.ts';
import { cut } from '../reporters/layout.ts';
import { plain } from '../reporters/plain.ts';
import type { Screen } from './host.ts';

/** Seconds the figures of the live line look back on: long enough to be steady, short enough to show a change. */
const LOOK_BACK_SECONDS = 10;

/** What the progress needs to know of a step. */
export interface ProgressStep {
  readonly label: string;
  readonly shape: LoadShape;
  readonly timeoutMs: number;
}

/** A message line, a live line while the load runs, and its end. */
export interface Progress {
  readonly say: (line: string) => void;
  readonly begin: (step: ProgressStep, index: number, total: number) => void;
  readonly tick: (interval: Interval) => void;
  readonly end: () => void;
}

/** A line that renews itself on a terminal; elsewhere a plain line every ten seconds; nothing at all with --quiet. */
export function createProgress(screen: Screen, quiet: boolean): Progress {
  if (quiet) return { say: () => {}, begin: () => {}, tick: () => {}, end: () => {} };
  let current: { step: ProgressStep; index: number; total: number } | null = null;
  let recent: Interval[] = [];
  let isLive = false;
  const clear = (): void => {
    if (isLive) screen.write('\r\u001b[K');
    isLive = false;
  };
  return {
    say: (line) => {
      clear();
      screen.write(`${line}\n`);
    },
    begin: (step, index, total) => {
      current = { step, index, total };
      recent = [];
    },
    tick: (interval) => {
      if (!current) return;
      recent = [...recent.slice(1 - LOOK_BACK_SECONDS), interval];
      const line = `${current.total > 1 ? `[${current.index + 1}/${current.total}] ` : ''}${describe(current.step, recent)}`;
      if (screen.isTerminal) {
        // A line as wide as the terminal would wrap, and its first half could never be overwritten.
        screen.write(`\r\u001b[K${cut(plain(line), Math.max(1, screen.columns() - 1))}`);
        isLive = true;
      } else if ((interval.second + 1) % LOOK_BACK_SECONDS === 0) {
        screen.write(`${plain(line)}\n`);
      }
    },
    end: clear,
  };
}

function describe({ label, shape, timeoutMs }: ProgressStep, recent: readonly Interval[]): string {
  const last = recent.at(-1);
  if (!last) return label;
  const rows = recent.flatMap((interval) => interval.rows);
  const ended = rows.reduce((sum, row) => sum + row.requests, 0);
  const errors = rows.reduce((sum, row) => sum + Object.values(row.errors).reduce((a, b) => a + b, 0), 0);
  const timeouts = rows.reduce((sum, row) => sum + (row.errors.timeout ?? 0), 0);
  const p95 = latencyQuantile(mergeHistograms(rows.map((row) => row.latency)), timeouts, timeoutMs, 0.95);
  const elapsed = last.second + 1;
  const left = shape.stages.reduce((sum, stage) => sum + stage.durationSeconds, 0) - elapsed;
  const stage = stageAt(shape, last.second)?.name ?? 'drain';
  // What a narrow terminal cuts off comes last: which stage it is can be guessed, how it fares cannot.
  return [
    label, `${clock(elapsed)}${left > 0 ? ` (${shape.model === 'closed' ? '≤ ' : ''}${clock(left)} left)` : ''}`,
    `${(ended / recent.length).toFixed(1)}/s`,
    `p95 ${p95 ? `${p95.censored ? '≥ ' : ''}${p95.valueMs.toFixed(p95.valueMs < 10 ? 1 : 0)} ms` : '–'}`,
    errors === 0 ? 'no errors' : `${errors} error${errors === 1 ? '' : 's'}`,
    stage,
  ].join(' · ');
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`;
}
