import { assess } from '../../src/cli/assess.ts';
import type { Comparison, Difference } from '../../src/model/comparison.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Report } from '../../src/model/report.ts';
import type { Run, RunStep } from '../../src/model/run.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { findPhase } from '../../src/plan/resolve.ts';
import { hostilePlan, hostileRun } from './hostile.ts';
import { HEALTHY, sampleRun } from './sample-run.ts';

const ventures = await loadPlan('ventures', { cwd: '/' });
// Where the checkout lies must not be in a snapshot.
const plan: Plan = { ...ventures, file: 'thresholds/ventures.yaml' };

/** A fixed run of phase 2 of `ventures`, judged by the real code, in each way a run can end. */
export const SAMPLES = {
  passed: () => reportOf(sampleRun(HEALTHY)),
  failed: () => reportOf(sampleRun({ ...HEALTHY, isPoolShort: true, failing: 1 })),
  inconclusive: () => reportOf(sampleRun({ ...HEALTHY, judgedSeconds: 30 })),
  invalid: () => reportOf(saturated(sampleRun(HEALTHY))),
  interrupted: () => reportOf({ ...sampleRun(HEALTHY), steps: [], samples: [], endedAtMs: sampleRun(HEALTHY).startedAtMs + 2300, interrupted: 'SIGINT' }),
  noProbes: () => reportOf(sampleRun({ ...HEALTHY, isPoolShort: true, failing: 1, hasProbes: false })),
  hostile: () => reportOf(hostileRun(sampleRun({ ...HEALTHY, isPoolShort: true, judgedSeconds: 40 })), hostilePlan(plan)),
} as const satisfies Record<string, () => Report>;

export type SampleName = keyof typeof SAMPLES;

const made = new Map<SampleName, Report>();

/** The report of this name; made once, since nothing changes it. */
export function sampleReport(name: SampleName): Report {
  const report = made.get(name) ?? SAMPLES[name]();
  made.set(name, report);
  return report;
}

function reportOf(run: Run, by: Plan = plan): Report {
  return assess(run, by, findPhase(by, '2'), { folder: `reports/${run.id}`, toolVersion: '0.1.0' });
}

function saturated(run: Run): Run {
  const reason = 'the generator’s event loop was busy 97 % of the time (at most 80 %): it could not keep the schedule';
  return { ...run, steps: run.steps.map((step): RunStep => (step.suite === 'load' ? { ...step, generatorReasons: [reason] } : step)) };
}

/** The passed run held against a baseline that it is slower than in one figure, cannot be told from in another, and equals in a third. */
export function reportWithBaseline(): Report {
  const difference = (metric: Difference['metric'], status: Difference['status']): Difference => ({
    scope: { suite: 'load', journey: 'dashboard' }, metric, base: 400, head: 500, changePercent: { low: 20, mid: 25, high: 30 },
    status, pWorse: 0.001, pBetter: 1, reason: 'slower by more than the runs differ among themselves', need: null,
  });
  const differences = [difference('http.p95', 'worse'), difference('http.p99', 'cannot-tell'), difference('http.p50', 'same')];
  const comparison: Comparison = { kind: 'runs', comparable: true, reasons: [], notes: ['one <b>note</b>'], base: ['a'], head: ['b'], thresholdPercent: 5, method: 'block bootstrap', differences };
  return { ...sampleReport('passed'), exitCode: 1, comparison };
}
