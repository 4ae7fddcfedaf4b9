import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineFinding } from '../../model/run.ts';
import { readOwnFindings, type OwnFindings } from './protocol.ts';

const FILE = 'k6-own-findings.json';

/** Checks and thresholds of a user's own script, by name; none where it has none, or where k6 did not come to its end. */
export async function findingsOfK6(workDir: string): Promise<readonly EngineFinding[]> {
  const own = readOwnFindings(await readFile(join(workDir, FILE), 'utf8').catch(() => ''));
  if (own === null) return [];
  return [
    ...own.thresholds.map(({ metric, text, passed }): EngineFinding => ({ source: 'k6', kind: 'threshold', name: `${metric}: ${text}`, passed: Number(passed), failed: Number(!passed) })),
    ...own.checks.map(({ name, passes, fails }): EngineFinding => ({ source: 'k6', kind: 'check', name, passed: passes, failed: fails })),
  ];
}

/** In the logs of the step: `end` is said once, and the run that it belongs to is put together later. */
export async function keepFindings(workDir: string, own: OwnFindings): Promise<void> {
  await writeFile(join(workDir, FILE), `${JSON.stringify(own, null, 2)}\n`);
}
