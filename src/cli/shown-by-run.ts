import { dayAt } from '../capacity/days.ts';
import { foresee } from '../capacity/foresee.ts';
import type { BottleneckId } from '../model/bottleneck.ts';
import type { Estimate } from '../model/estimate.ts';
import type { Day, ForecastBasis } from '../model/forecast.ts';
import type { Plan } from '../model/plan.ts';
import type { Report } from '../model/report.ts';
import type { Run } from '../model/run.ts';
import { conditionsFor, findPhase } from '../plan/resolve.ts';
import { assess } from './assess.ts';
import { confirmedPerSec } from './stress-exit-code.ts';
import { toolVersion } from './version.ts';

/** What one run shows of the limits of its system, in users of the plan. */
export interface ShownByRun {
  readonly run: Run;
  readonly date: Day;
  /** Where it breaks first, and of what; null where the run does not show it. */
  readonly edge: { readonly users: Estimate; readonly basis: Exclude<ForecastBasis, 'plan' | 'what-if'>; readonly bottleneck: BottleneckId | null } | null;
  /** A load at which it broke, where no search looked for the edge: the bottlenecks that were hit have their limit there or below. */
  readonly broke: { readonly users: number; readonly bottlenecks: readonly BottleneckId[] } | null;
  /** What would be the limit next, by the model. */
  readonly behind: { readonly users: Estimate; readonly bottleneck: BottleneckId } | null;
  /** Users that were carried with every threshold that was measured proven. */
  readonly carried: number | null;
  /** Why there is no edge. */
  readonly reason: string;
}

/** Judges a run anew and takes from it what speaks of its limits. Pure. */
export function shownBy(run: Run, plan: Plan): ShownByRun {
  const report = assess(run, plan, findPhase(plan, run.plan.phase), { folder: run.id, toolVersion: toolVersion() });
  const { outlook: { capacity }, diagnosis, stress } = report;
  // The first of what was hit is what broke, whether the plan has a milestone for it or not.
  const hits = diagnosis.bottlenecks.filter(({ status }) => status === 'hit').map(({ id }) => id);
  const behind = stress?.behind?.known === true ? { users: stress.behind.users, bottleneck: stress.behind.bottleneck } : null;
  const users = loadIn(report);
  const hasBroken = stress === undefined && report.validity.valid && hits.length > 0 && users !== null;
  return {
    run, date: dayAt(run.startedAtMs), behind,
    edge: capacity === null ? null : { users: capacity.users, basis: stress === undefined ? 'predicted' : 'measured', bottleneck: stress === undefined ? foreseenIn(run, plan) : (hits[0] ?? null) },
    broke: hasBroken ? { users, bottlenecks: hits } : null,
    carried: carriedIn(report), reason: whyNot(report),
  };
}

function foreseenIn(run: Run, plan: Plan): BottleneckId | null {
  const found = foresee(run, plan, conditionsFor(plan, findPhase(plan, run.plan.phase), 'load'));
  return found.capacity === null ? null : found.bottleneck;
}

/** Users of the plan that the load suite stands for; of a load that moves its mean. Null where it had none. */
function loadIn({ run, plan }: Report): number | null {
  const { users, ratePerSec, meanRatePerSec } = run.configuration;
  if (!run.suites.includes('load')) return null;
  if (typeof users === 'number') return users;
  const rate = typeof meanRatePerSec === 'number' ? meanRatePerSec : ratePerSec;
  return typeof rate === 'number' ? wholeUsers(rate, plan) : null;
}

/** 33.3… requests/s of one a minute are 2,000 users, whatever binary fractions make of it. */
function wholeUsers(ratePerSec: number, { load }: Plan): number {
  return Math.floor((ratePerSec * 60) / load.requestsPerUserPerMinute.max + 1e-6);
}

/** By its confirming stage, or by a test of an open load none of whose thresholds was left open. */
function carriedIn(report: Report): number | null {
  const { run, plan, stress, validity, verdicts, diagnosis } = report;
  if (!validity.valid) return null;
  if (stress !== undefined) {
    const perSec = confirmedPerSec(stress);
    return perSec === null ? null : wholeUsers(perSec, plan);
  }
  const asked = verdicts.filter(({ suite, condition }) => suite === 'load' && condition.kind === 'threshold' && condition.required);
  const isProven = asked.some(({ status }) => status === 'pass') && asked.every(({ status }) => status === 'pass' || status === 'not-measured');
  const isOpen = run.steps.some(({ suite, model }) => suite === 'load' && model === 'open');
  return run.interrupted === null && isOpen && isProven && diagnosis.harm.length === 0 && typeof run.configuration['users'] !== 'number' ? loadIn(report) : null;
}

function whyNot({ run, outlook, validity, diagnosis, stress }: Report): string {
  if (!validity.valid) return `it is not valid: ${validity.invalidReason ?? 'its load was not the one asked for'}`;
  if (stress !== undefined) return stress.summary.replace(/\.$/, '');
  if (run.interrupted !== null) return 'it was interrupted';
  if (!run.suites.includes('load')) return `it has no load to learn from, only the suite ${run.suites.join(', ')}; the load suite predicts, scaleplan stress measures`;
  if (outlook.unknown !== undefined) return outlook.unknown;
  const [harm] = diagnosis.harm;
  return harm === undefined ? 'nothing in it tells' : `its users were harmed (${harm.text}), and no load below the edge is left to learn from; scaleplan stress finds the edge`;
}
