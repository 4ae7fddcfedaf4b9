import { EXIT, type ExitCode } from '../errors.ts';
import { checkClock, startClock } from './clock.ts';
import { checkEngines } from './engines.ts';
import { ok, type Finding } from './finding.ts';
import { checkLoad } from './load.ts';
import { checkCpus, checkFiles, checkNode, checkPorts } from './machine.ts';
import type { Need } from './need.ts';
import { checkOutput } from './output.ts';
import { checkConditions, checkProbes, type ProbesToCheck } from './probes.ts';
import { checkSameMachine } from './same-machine.ts';
import { checkTarget } from './target.ts';

export interface Patient extends ProbesToCheck {
  /** null: the reference application would be started. */
  readonly target: string | null;
  readonly allowedTargets: readonly string[];
  readonly output: string;
  /** null where no phase was named. */
  readonly need: Need | null;
}

/** Everything that can be known before a run; each finding is told when it is there. What is quiet is looked at before what makes load. */
export async function examine(patient: Patient, tell: (finding: Finding) => void): Promise<readonly Finding[]> {
  const { need, target } = patient;
  const findings: Finding[] = [];
  const add = (...some: readonly Finding[]): void => some.forEach((finding) => { findings.push(finding); tell(finding); });
  const clock = startClock();
  add(checkNode());
  add(...await checkEngines(need));
  add(await checkCpus());
  add(await checkFiles(need), await checkPorts(need), await checkOutput(patient.output));
  add(target === null ? ok('target', 'none was named: the reference application would be started', 'Name yours: --target http://127.0.0.1:3000') : await checkTarget(target, patient.allowedTargets));
  const probes = await checkProbes(patient);
  add(...probes.findings);
  const elsewhere = target === null || !URL.canParse(target) ? null : checkSameMachine(target, patient.probes);
  if (elsewhere !== null) add(elsewhere);
  // The reference application brings probes of its own.
  const conditions = need === null || target === null ? null : checkConditions(need.conditions, probes.read);
  if (conditions !== null) add(conditions);
  add(await checkClock(clock));
  add(await checkLoad(need));
  return findings;
}

/** As `test` would end before its load: 2 outranks 3. */
export function exitCodeOf(findings: readonly Finding[]): ExitCode {
  const codes = findings.flatMap(({ status, exitCode }) => (status === 'fail' ? [exitCode ?? EXIT.invalid] : []));
  return codes.includes(EXIT.usage) ? EXIT.usage : (codes[0] ?? EXIT.passed);
}
