import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { PastRun } from '../model/past-run.ts';
import type { StepSummary } from '../model/report.ts';
import type { RunFacts } from './store.ts';

/** What the table of runs and the noise between them need of a run.json; the rest was written by this program and is trusted. */
const written = z.object({
  exitCode: z.number(),
  run: z.object({ valid: z.boolean() }),
  steps: z.array(z.looseObject({})),
  facts: z.looseObject({ id: z.string(), startedAtMs: z.number(), steps: z.array(z.looseObject({})) }),
});

/** More are history that no decision of today rests on, and time. */
const MOST_RUNS = 200;

/** The newest sealed runs of a folder, without their seconds. What is no run, or was cut off before its summary, is passed over. */
export function readPastRuns(output: string): PastRun[] {
  if (!existsSync(output)) return [];
  // Names begin with the UTC time.
  const names = readdirSync(output).filter((name) => /^\d{8}T/.test(name)).toSorted().slice(-MOST_RUNS);
  return names.flatMap((name) => readPastRun(join(output, name, 'run.json')) ?? []);
}

function readPastRun(file: string): PastRun | null {
  if (!existsSync(file)) return null;
  try {
    const { exitCode, run, steps, facts } = written.parse(JSON.parse(readFileSync(file, 'utf8')));
    const { id, startedAtMs, plan, target, environment, configuration, interrupted, steps: stepFacts } = facts as unknown as RunFacts; // checked as far as its frame
    const summaries = steps as unknown as readonly StepSummary[]; // in the order of the facts' steps
    return {
      id, startedAtMs, exitCode, valid: run.valid, plan, target, environment, interrupted: interrupted !== null, isDuet: configuration['duet'] !== undefined,
      steps: stepFacts.flatMap((one, at) => (summaries[at] === undefined ? [] : [{ facts: one, summary: summaries[at] }])),
    };
  } catch {
    return null;
  }
}
