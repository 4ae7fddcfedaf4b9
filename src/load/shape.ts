import { ScaleplanError } from '../errors.ts';
import type { OpenStage } from '../model/load.ts';
import { closedShape } from './closed-shape.ts';
import { quickDuration, type QuickDuration } from './duration.ts';
import { grouped } from './needs.ts';
import { asWrittenStages, documentedStages, leadInStages, quickStages } from './open-stages.ts';
import { openStagesOf, piecesOf } from './spec-stages.ts';
import type { Piece } from './spec-stages.ts';
import { requestMix, type RequestMix } from './request-mix.ts';
import { requestsPerUserPerMinute, type ShapedLoad, type ShapeRequest } from './shape-request.ts';

/** Turns a phase into the load of one step: stages with a rate or a number of users. */
export function shapeLoad(request: ShapeRequest): ShapedLoad {
  return request.step.model === 'closed' ? closedShape(request) : openShape(request);
}

function openShape(request: ShapeRequest): ShapedLoad {
  const { scenario, profile, flags, conditions } = request;
  const mix = openMix(scenario);
  const ratePerSec = rateOf(request);
  if (!(ratePerSec > 0)) throw new ScaleplanError('wrong-plan', 'The load of this step is 0 requests per second.', { hint: 'Give it a rate with --rate or --users.' });
  const quick = quickDuration({ ratePerSec, conditions, shares: mix.shares, scatter: mix.scatter });
  const arrivals = (rate: number): number => rate / mix.requestsPerArrival;
  const seconds = flags.durationSeconds ?? quick.seconds;
  const pieces = shapedPieces(request, seconds);
  const [stages, because] = profile === 'quick' && pieces !== null ? shapedStages(request, pieces, arrivals(ratePerSec)) : {
    quick: () => [quickStages(ratePerSec, seconds, arrivals), flags.durationSeconds === null ? quick.because : [`${flags.durationSeconds} s, as --duration asks`]] as const,
    documented: () => documentedStages(request, arrivals) ?? [quickStages(ratePerSec, seconds, arrivals), ['the document says nothing of this suite, so as quick:', ...quick.because]] as const,
    'as-written': () => [asWrittenStages(scenario), ['the phases of the scenario file, as written']] as const,
  }[profile]();
  const judged = stages.filter((stage) => stage.judged);
  const judgedSeconds = judged.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  const planned = judged.reduce((sum, { durationSeconds, arrivalsPerSec }) => sum + durationSeconds * ((arrivalsPerSec.from + arrivalsPerSec.to) / 2) * mix.requestsPerArrival, 0);
  const asked = profile === 'as-written' ? Math.max(0, ...judged.map(({ arrivalsPerSec }) => arrivalsPerSec.to)) * mix.requestsPerArrival : ratePerSec;
  return {
    shape: { model: 'open', stages }, ratePerSec: asked, meanRatePerSec: judgedSeconds === 0 ? asked : planned / judgedSeconds, requestsPerArrival: mix.requestsPerArrival,
    totalSeconds: stages.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0), judgedSeconds, because,
    warnings: tooShort(planned, judgedSeconds, quick),
  };
}

/** The pieces of a shape that moves; null for one level, which needs no words of its own. */
function shapedPieces({ spec, traffic }: ShapeRequest, judgedSeconds: number): readonly Piece[] | null {
  if (spec === null || spec.kind === 'constant') return null;
  return spec.kind === 'replay' ? (traffic?.pieces ?? null) : piecesOf(spec, judgedSeconds);
}

/** Reference and warm-up go before every shape, so that relative rules have their base and the first level its connections. */
function shapedStages({ spec }: ShapeRequest, pieces: readonly Piece[], full: number): readonly [OpenStage[], readonly string[]] {
  const seconds = pieces.reduce((sum, piece) => sum + piece.seconds, 0);
  return [[...leadInStages(full, pieces[0]?.from ?? 1), ...openStagesOf(pieces, full)], [`${spec?.kind ?? 'constant'}: ${pieces.length} ${pieces.length === 1 ? 'piece' : 'pieces'}, ${grouped(seconds)} s, as asked`]];
}

/** A scenario that only its own engine can read has no journeys here: an arrival counts as one request. */
function openMix(scenario: ShapeRequest['scenario']): RequestMix {
  const mix = requestMix(scenario.journeys);
  return mix.requestsPerArrival > 0 ? mix : { requestsPerArrival: 1, scatter: 1, shares: {} };
}

function rateOf({ plan, phase, step, flags, traffic }: ShapeRequest): number {
  if (flags.ratePerSec !== null) return flags.ratePerSec;
  if (traffic !== null && flags.users === null) return traffic.peakPerSec;
  if (flags.users !== null) return (flags.users * requestsPerUserPerMinute(plan)) / 60;
  return step.load.requestsPerSecond ?? phase.load.requestsPerSecond;
}

function tooShort(planned: number, seconds: number, needed: QuickDuration): string[] {
  // A tenth of a percent is the rounding of rates to stages.
  if (planned >= needed.requests * 0.999 && seconds >= needed.leastSeconds) return [];
  return [`${grouped(planned)} requests in ${seconds} s cannot decide every required threshold (${needed.because.join('; ')})`];
}
