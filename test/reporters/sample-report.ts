import { assess } from '../../src/cli/assess.ts';
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
