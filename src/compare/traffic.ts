import { basename } from 'node:path';
import type { ComparedScope } from '../model/comparison.ts';
import type { Interval, IntervalRow } from '../model/interval.ts';
import type { LoadModel } from '../model/load.ts';
import type { Run, RunStep } from '../model/run.ts';
import { stageWindows } from '../stats/stages.ts';

/** One second of a scope. */
export interface TrafficSecond {
  readonly startedAtMs: number;
  /** A whole second under load: rates are formed over these. */
  readonly isFull: boolean;
  readonly requests: number;
  readonly failed: number;
  readonly timeouts: number;
  readonly rows: readonly IntervalRow[];
}

/** The judged seconds of one run's traffic of one journey, endpoint or suite. */
export interface Traffic {
  readonly scope: ComparedScope;
  /** Same key, same traffic: what is held against each other. */
  readonly key: string;
  readonly timeoutMs: number;
  readonly model: LoadModel;
  readonly seconds: readonly TrafficSecond[];
}

/** A run cut into what can be compared: each suite as a whole and journey by journey; in the unit suite endpoint by endpoint. */
export function trafficOf(run: Run): Map<string, Traffic> {
  const all = run.steps.flatMap((step) => {
    const seconds = judgedSeconds(step);
    const scopes = scopesOf(run, step, seconds);
    return scopes.map((scope): Traffic => ({ scope, key: keyOf(scope), timeoutMs: step.timeoutMs, model: step.model, seconds: seconds.map((one) => narrow(one, scope)) }));
  });
  return new Map(all.map((traffic) => [traffic.key, traffic]));
}

export function keyOf({ suite, scenario = '', journey = '', step = '' }: ComparedScope): string {
  return [suite, scenario, journey, step].join('|');
}

/** Scopes of one step, the whole first. A suite of one journey has one scope: the same figure twice would only weaken the decision. */
export function scopesFor(
  steps: readonly Pick<RunStep, 'suite' | 'scenario'>[], step: Pick<RunStep, 'suite' | 'scenario' | 'endpoint'>, journeys: readonly string[],
): ComparedScope[] {
  const { suite, endpoint } = step;
  if (endpoint !== null) return [{ suite, journey: endpoint.journey, step: endpoint.step }];
  const files = new Set(steps.filter((one) => one.suite === suite).map((one) => one.scenario));
  const base = files.size > 1 ? { suite, scenario: basename(step.scenario) } : { suite };
  if (journeys.length < 2) return [base];
  return [base, ...journeys.toSorted().map((journey) => ({ ...base, journey }))];
}

interface JudgedSecond {
  readonly interval: Interval;
  readonly isFull: boolean;
}

function judgedSeconds(step: RunStep): JudgedSecond[] {
  const windows = stageWindows(step).filter(({ judged }) => judged);
  return step.intervals.flatMap((interval) => {
    const window = windows.find(({ from, end }) => interval.second >= from && interval.second < end);
    return window === undefined ? [] : [{ interval, isFull: interval.second < window.to }];
  });
}

function scopesOf(run: Run, step: RunStep, seconds: readonly JudgedSecond[]): ComparedScope[] {
  const journeys = [...new Set(seconds.flatMap(({ interval }) => interval.rows.map(({ journey }) => journey)))];
  return scopesFor(run.steps, step, journeys);
}

function narrow({ interval, isFull }: JudgedSecond, { journey, step }: ComparedScope): TrafficSecond {
  const rows = interval.rows.filter((row) => (journey === undefined || row.journey === journey) && (step === undefined || row.step === step));
  let [requests, failed, timeouts] = [0, 0, 0];
  for (const row of rows) {
    requests += row.requests;
    failed += Object.values(row.errors).reduce((sum, count) => sum + count, 0);
    timeouts += row.errors.timeout ?? 0;
  }
  return { startedAtMs: interval.startedAtMs, isFull, requests, failed, timeouts, rows };
}
