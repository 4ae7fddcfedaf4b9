import { ScaleplanError } from '../errors.ts';
import { comparisonsOf } from '../model/condition.ts';
import type { ClosedStage } from '../model/load.ts';
import { grouped, needsOf } from './needs.ts';
import { closedStagesOf, piecesOf } from './spec-stages.ts';
import type { Piece } from './spec-stages.ts';
import type { ShapedLoad, ShapeRequest } from './shape-request.ts';

/** Connections open and code is compiled in this time; it is not judged. */
const WARM_UP_SECONDS = 2;
/** Ten whole seconds bound a mean; the stage ends within the eleventh. */
const LEAST_SECONDS = 11;
/** Machines wander, and ten seconds that resemble each other bound nothing: a rate that they leave open is given this long. */
const RATE_CAP_SECONDS = 40;
/** Without a throughput threshold an endpoint is given this long to make its requests. */
const DEFAULT_CAP_SECONDS = 60;
/** A target that cannot make its count in five minutes has shown what there is to show. */
const FIXED_COUNT_CAP_SECONDS = 300;
/** As many connections as a browser’s user base of one endpoint in a smoke test; the plan says its own. */
const DEFAULT_USERS = 4;

/**
 * The closed model: so many users, each with its next request as soon as the last was answered, until there are enough requests
 * to decide. A server that meets its throughput threshold has them before the cap: requests needed ÷ that throughput.
 */
export function closedShape({ step, conditions, flags, spec }: ShapeRequest): ShapedLoad {
  const users = flags.users ?? step.load.users ?? DEFAULT_USERS;
  if (step.load.requests !== undefined && flags.durationSeconds === null) return fixedCount(users, step.load.requests);
  const pieces = piecesIn(spec, flags.durationSeconds ?? DEFAULT_CAP_SECONDS);
  if (pieces !== null) return movingUsers(pieces, users);
  const need = needsOf(conditions).reduce<ReturnType<typeof needsOf>[number] | null>((most, one) => (most === null || one.requests > most.requests ? one : most), null);
  const requests = need?.requests ?? 0;
  const perSec = leastThroughput(conditions);
  const needed = perSec === null ? DEFAULT_CAP_SECONDS : Math.ceil(requests / perSec);
  const cap = flags.durationSeconds ?? (perSec === null ? needed : Math.max(RATE_CAP_SECONDS, needed));
  const enough = flags.durationSeconds === null ? { requests, minimumSeconds: LEAST_SECONDS } : null;
  const stages: ClosedStage[] = [
    { name: 'warm-up', judged: false, durationSeconds: WARM_UP_SECONDS, users, enough: null },
    { name: 'sustain', judged: true, durationSeconds: cap, users, enough },
  ];
  const sum = perSec === null ? `${cap} s at most` : `${grouped(requests)} ÷ ${perSec}/s = ${needed} s, ${LEAST_SECONDS} s at least, ${cap} s at most where its seconds differ too much to decide`;
  return {
    shape: { model: 'closed', stages }, ratePerSec: null, meanRatePerSec: null, requestsPerArrival: 1,
    totalSeconds: WARM_UP_SECONDS + cap, judgedSeconds: cap,
    because: flags.durationSeconds === null ? [...(need === null ? [] : [need.because]), sum] : [`${cap} s, as --duration asks`],
    warnings: warningsOf(flags.durationSeconds, requests, perSec),
  };
}

function piecesIn(spec: ShapeRequest['spec'], seconds: number): readonly Piece[] | null {
  if (spec === null || spec.kind === 'constant') return null;
  if (spec.kind !== 'replay') return piecesOf(spec, seconds);
  throw new ScaleplanError('engine-cannot', 'Recorded rates cannot be replayed in the closed model, whose rate is what the target makes it.', { hint: 'Use the open model: artillery or k6.' });
}

/** Users who come and go: every stage lasts as long as it says, whatever was decided before. */
function movingUsers(pieces: readonly Piece[], users: number): ShapedLoad {
  const stages = [{ name: 'warm-up', judged: false, durationSeconds: WARM_UP_SECONDS, users: closedStagesOf(pieces, users)[0]?.users ?? users, enough: null } as const, ...closedStagesOf(pieces, users)];
  const seconds = (judged: boolean): number => stages.filter((stage) => stage.judged === judged).reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  return {
    shape: { model: 'closed', stages }, ratePerSec: null, meanRatePerSec: null, requestsPerArrival: 1,
    totalSeconds: seconds(true) + seconds(false), judgedSeconds: seconds(true), because: [`${pieces.length} pieces of a shape, as asked`], warnings: [],
  };
}

/** So many requests and no more, whatever they can decide: what `ab -n … -c …` does. Judged from the first on, as there. */
function fixedCount(users: number, requests: number): ShapedLoad {
  const stage: ClosedStage = { name: 'sustain', judged: true, durationSeconds: FIXED_COUNT_CAP_SECONDS, users, enough: null, exactly: requests };
  return {
    shape: { model: 'closed', stages: [stage] }, ratePerSec: null, meanRatePerSec: null, requestsPerArrival: 1,
    totalSeconds: FIXED_COUNT_CAP_SECONDS, judgedSeconds: FIXED_COUNT_CAP_SECONDS,
    because: [`${grouped(requests)} requests by ${users} connections, as the plan says; ${FIXED_COUNT_CAP_SECONDS} s at most`], warnings: [],
  };
}

/** The throughput every endpoint is required to reach, null where none is. */
function leastThroughput(conditions: ShapeRequest['conditions']): number | null {
  const limits = conditions.filter(({ kind, required }) => kind === 'threshold' && required).flatMap(comparisonsOf)
    .filter(({ metric, op, relativeTo, value }) => metric === 'http.throughput' && (op === '>' || op === '>=') && relativeTo === null && value > 0);
  return limits.length === 0 ? null : Math.min(...limits.map(({ value }) => value));
}

function warningsOf(durationSeconds: number | null, requests: number, perSec: number | null): string[] {
  if (durationSeconds === null || requests === 0) return [];
  if (durationSeconds < LEAST_SECONDS) return [`${durationSeconds} s are too short: ${LEAST_SECONDS} s are the least that can decide a rate or a percentile`];
  const rate = Math.ceil(requests / durationSeconds);
  return perSec !== null && rate <= perSec ? [] : [`${grouped(requests)} requests are needed: an endpoint that answers fewer than ${grouped(rate)}/s will stay undecided`];
}
