import { EXIT, type ExitCode } from '../errors.ts';
import { comparisonsOf } from '../model/condition.ts';
import type { Phase } from '../model/plan.ts';
import type { Outlook, Validity, Verdict } from '../model/report.ts';
import type { Run, StressFacts } from '../model/run.ts';
import type { StressFindings, StressStage } from '../model/stress.ts';

/** Watched for so long, a target that has not come back has not come back. */
const SURELY_DOWN_SECONDS = 30;
/** Loads are written with four digits. */
const ROUNDING = 1.001;

interface Searched {
  readonly run: Run;
  readonly facts: StressFacts;
  readonly phase: Phase;
  readonly validity: Validity;
  readonly verdicts: readonly Verdict[];
  readonly stress: StressFindings;
  readonly capacity: Outlook['capacity'];
}

/** Breaking is what a search is for: it fails where the phase's own load is not carried, data were lost, or the target did not come back. */
export function stressExitCode(searched: Searched): ExitCode {
  const { run, phase, validity, verdicts, stress, capacity } = searched;
  if (run.interrupted !== null) return run.interrupted === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  if (!validity.valid) return EXIT.invalid;
  if (verdicts.some((verdict) => verdict.condition.required && verdict.status === 'fail' && isOfService(verdict)) || isDown(stress)) return EXIT.failed;
  const needed = phase.load.requestsPerSecond;
  if (capacity !== null && capacity.ratePerSec.high < needed) return EXIT.failed;
  // A load above what is needed may break and the phase be carried all the same: then nothing is decided.
  if (stress.end === 'broke-at-once') return lowestTried(stress) <= needed * ROUNDING ? EXIT.failed : EXIT.inconclusive;
  return provenPerSec(stress, capacity) >= needed && isAllSeen(searched) ? EXIT.passed : EXIT.inconclusive;
}

/** A search that ended because nothing was carried any more is answered by a way back that was seen, and by nothing else. */
function isDown({ end, recovery }: StressFindings): boolean {
  if (end === 'not-back') return recovery === null || recovery.seconds === null;
  return recovery !== null && recovery.seconds === null && recovery.watchedSeconds >= SURELY_DOWN_SECONDS;
}

/** Every required threshold was read, and a target whose health check ended the search was seen to come back. */
function isAllSeen({ facts, verdicts, stress: { recovery } }: Searched): boolean {
  const isUnread = verdicts.some((verdict) => verdict.condition.required && verdict.status === 'not-measured' && !isOfService(verdict));
  const hasComeBack = recovery !== null && recovery.seconds !== null;
  return !isUnread && (facts.stoppedBy === null || hasComeBack);
}

/** Requests per second that every threshold is proven to hold at; 0 where no load is. */
function provenPerSec(stress: StressFindings, capacity: Outlook['capacity']): number {
  if (stress.confirmedLoad === null) return 0;
  return capacity === null ? (confirmedPerSec(stress) ?? 0) : capacity.ratePerSec.low;
}

/** Requests per second that the confirming stage stands for; null where nothing was confirmed. */
export function confirmedPerSec({ by, stages, confirmedLoad }: StressFindings): number | null {
  const proof = confirmedLoad === null ? undefined : stages.find(({ purpose, load }) => purpose === 'confirm' && load === confirmedLoad);
  return proof === undefined ? null : perSecOf(proof, by);
}

function lowestTried({ by, stages }: StressFindings): number {
  return Math.min(...stages.filter(({ outcome }) => outcome !== 'generator').map((stage) => perSecOf(stage, by)));
}

/** Requests per second that a stage stands for: what was asked for, or what its users made. */
export function perSecOf({ load, throughputPerSec }: Pick<StressStage, 'load' | 'throughputPerSec'>, by: StressFindings['by']): number {
  return by === 'rate' ? load : throughputPerSec;
}

/** What becomes of data, uptime and failover is found by doing something beside the load, and asked of nobody who did not do it. */
function isOfService({ condition }: Verdict): boolean {
  return comparisonsOf(condition).every(({ metric }) => metric.startsWith('service.'));
}
