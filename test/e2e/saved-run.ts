import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assess } from '../../src/cli/assess.ts';
import type { Run } from '../../src/model/run.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { findPhase } from '../../src/plan/resolve.ts';
import { toContract } from '../../src/reporters/json.ts';
import { createRunFolder } from '../../src/run/store.ts';
import { FIXTURES } from './program.ts';

/** A run on disk as `scaleplan test` leaves it, without the time of its load. Answers its id. */
export async function saveRun(output: string, given: Run): Promise<string> {
  const plan = await loadPlan(join(FIXTURES, 'plan.yaml'), { cwd: FIXTURES });
  const phase = findPhase(plan, '1');
  const folder = createRunFolder(output, plan.id, phase.id, given.startedAtMs);
  const run = { ...given, id: folder.id, plan: { id: plan.id, phase: phase.id, file: plan.file } };
  run.steps.forEach((step, at) => { for (const interval of step.intervals) folder.appendInterval(at, interval); });
  folder.close();
  const { samples: _, steps, ...rest } = run;
  const facts = { ...rest, steps: steps.map(({ intervals: __, ...step }) => step) };
  const report = assess(run, plan, phase, { folder: folder.path, toolVersion: '0.1.0' });
  writeFileSync(join(folder.path, 'run.json'), JSON.stringify({ ...toContract(report), facts }));
  return folder.id;
}
