import { EXIT, type ExitCode } from '../errors.ts';
import type { Diagnosis, ExperimentFindings, Validity, Verdict } from '../model/report.ts';
import type { Run } from '../model/run.ts';

/**
 * What a finished run tells CI; wrong usage (2) never gets this far. An interrupted run says so first, an invalid one proves
 * nothing, a failure outweighs what is undecided.
 */
export function exitCodeOf(report: {
  readonly interrupted: Run['interrupted'];
  readonly validity: Validity;
  readonly verdicts: readonly Verdict[];
  readonly diagnosis: Diagnosis;
  /** Against a baseline. That it cannot be told is no reason for 4: the thresholds are what the run was made for. */
  readonly isRegression?: boolean;
  /** Of the experiment of `--during`; absent without one. */
  readonly experiment?: ExperimentFindings['outcome'];
}): ExitCode {
  if (report.interrupted !== null) return report.interrupted === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  if (!report.validity.valid || report.validity.saturated) return EXIT.invalid;
  const required = report.verdicts.filter(({ condition }) => condition.kind === 'threshold' && condition.required);
  if (required.some(({ status }) => status === 'fail')) return EXIT.failed;
  if (report.isRegression === true || report.experiment === 'not-as-expected') return EXIT.failed;
  // Users are harmed and it is known by what: that the plan expects no milestone there makes it no better.
  if (report.diagnosis.bottlenecks.some(({ status }) => status === 'hit')) return EXIT.failed;
  if (report.experiment === 'undecided' || report.experiment === 'not-carried-out') return EXIT.inconclusive;
  if (required.some(({ status }) => status === 'inconclusive' || status === 'not-measured')) return EXIT.inconclusive;
  // A run in which nothing had to hold has decided nothing.
  return required.length === 0 ? EXIT.inconclusive : EXIT.passed;
}
