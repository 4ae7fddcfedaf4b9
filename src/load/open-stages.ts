import { ScaleplanError } from '../errors.ts';
import type { OpenStage, StageName } from '../model/load.ts';
import { requestsPerUserPerMinute, type ShapeRequest } from './shape-request.ts';

/** 20 s at a quarter of the load: the base of relative rules, long enough for 59 values of a 95th percentile at 3 requests/s. */
const REFERENCE_SECONDS = 20;
const REFERENCE_SHARE = 0.25;
/** Connections, caches and just-in-time compilation settle within seconds at the loads of a quick run. */
const RAMP_SECONDS = 5;
const WARM_UP_SECONDS = 5;

type Arrivals = (ratePerSec: number) => number;

/** Reference, ramp, warm-up, and one judged stage. */
export function quickStages(ratePerSec: number, judgedSeconds: number, arrivals: Arrivals): OpenStage[] {
  const [base, full] = [arrivals(ratePerSec * REFERENCE_SHARE), arrivals(ratePerSec)];
  return [
    stage('reference', REFERENCE_SECONDS, base, base),
    stage('ramp', RAMP_SECONDS, base, full),
    stage('warm-up', WARM_UP_SECONDS, full, full),
    stage('sustain', judgedSeconds, full, full),
  ];
}

/** What goes before the judged part of a shape that begins at a share of the full load. */
export function leadInStages(arrivalsPerSec: number, firstShare: number): OpenStage[] {
  const [base, first] = [arrivalsPerSec * REFERENCE_SHARE, arrivalsPerSec * firstShare];
  return [stage('reference', REFERENCE_SECONDS, base, base), stage('ramp', RAMP_SECONDS, base, first), stage('warm-up', WARM_UP_SECONDS, first, first)];
}

/** The document’s rungs of concurrent users that fall into the phase, each with its ramp; null where it describes no such profile. */
export function documentedStages({ plan, phase, step, flags }: ShapeRequest, arrivals: Arrivals): readonly [OpenStage[], string[]] | null {
  const profile = plan.suites.find(({ id }) => id === step.suite)?.profile;
  if (profile?.sustainSeconds === undefined) return null;
  const { min, max } = phase.users;
  const inPhase = (profile.concurrentUsers ?? []).filter((users) => users >= min && users <= (max ?? Infinity));
  const perUser = requestsPerUserPerMinute(plan) / 60;
  const rates = flags.ratePerSec !== null ? [flags.ratePerSec]
    : flags.users !== null ? [flags.users * perUser]
    : inPhase.length > 0 ? inPhase.map((users) => users * perUser)
    : [phase.load.requestsPerSecond];
  const rampSeconds = profile.rampSeconds ?? RAMP_SECONDS;
  const sustainSeconds = flags.durationSeconds ?? profile.sustainSeconds;
  const base = arrivals((rates[0] ?? 0) * REFERENCE_SHARE);
  const stages = [stage('reference', REFERENCE_SECONDS, base, base)];
  let before = base;
  for (const rate of rates) {
    const full = arrivals(rate);
    stages.push(stage('ramp', rampSeconds, before, full), stage('sustain', sustainSeconds, full, full));
    before = full;
  }
  const rungs = inPhase.length > 0 && flags.users === null && flags.ratePerSec === null ? `${inPhase.join(', ')} concurrent users` : 'the phase’s rate';
  return [stages, [`${rungs}, ${rampSeconds} s of ramp and ${sustainSeconds} s sustained each, as the document says`]];
}

/** `config.phases` of the scenario file. A phase that ramps is not judged, unless all of them do. */
export function asWrittenStages({ phases, file }: ShapeRequest['scenario']): OpenStage[] {
  if (phases.length === 0) {
    throw new ScaleplanError('wrong-usage', `${file} has no config.phases to run as written.`, { hint: 'Leave --profile as-written out, or write phases into the file.' });
  }
  const ramps = phases.map(({ arrivalRate, rampTo }) => rampTo !== null && rampTo !== arrivalRate);
  const onlyRamps = ramps.every(Boolean);
  return phases.map(({ durationSeconds, arrivalRate, rampTo }, at) =>
    stage(ramps[at] === true && !onlyRamps ? 'ramp' : 'sustain', durationSeconds, arrivalRate, rampTo ?? arrivalRate));
}

function stage(name: StageName, durationSeconds: number, from: number, to: number): OpenStage {
  return { name, judged: name === 'sustain', durationSeconds, arrivalsPerSec: { from, to } };
}
