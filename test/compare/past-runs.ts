import { summarize } from '../../src/judge/summarize.ts';
import type { PastRun } from '../../src/model/past-run.ts';
import type { Run } from '../../src/model/run.ts';
import { START_MS } from '../judge/facts.ts';
import { simulate } from './simulate.ts';

export const HOUR_MS = 3_600_000;

/** What is kept of a run once it was made. */
export function past(run: Run, more: Partial<PastRun> = {}): PastRun {
  return {
    id: run.id, startedAtMs: run.startedAtMs, exitCode: 0, valid: true, plan: run.plan, target: run.target, environment: run.environment, interrupted: false, isDuet: false,
    steps: run.steps.map(({ intervals, ...facts }) => ({ facts, summary: summarize({ ...facts, intervals }) })), ...more,
  };
}

/** A run an hour, each so many times as slow as the plan's. */
export function runs(factors: readonly number[]): Run[] {
  return factors.map((factor, at) => simulate({ seed: 500 + at, id: `run-${at}`, seconds: 20, factor, startedAtMs: START_MS + at * HOUR_MS }));
}

export function pastRuns(factors: readonly number[]): PastRun[] {
  return runs(factors).map((run) => past(run));
}
