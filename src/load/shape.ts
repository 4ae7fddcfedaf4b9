import { ScaleplanError } from '../errors.ts';
import { closedShape } from './closed-shape.ts';
import { quickDuration, type QuickDuration } from './duration.ts';
import { grouped } from './needs.ts';
import { asWrittenStages, documentedStages, quickStages } from './open-stages.ts';
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
  const [stages, because] = {
    quick: () => [quickStages(ratePerSec, flags.durationSeconds ?? quick.seconds, arrivals), flags.durationSeconds === null ? quick.because : [`${flags.durationSeconds} s, as --duration asks`]] as const,
    documented: () => documentedStages(request, arrivals) ?? [quickStages(ratePerSec, flags.durationSeconds ?? quick.seconds, arrivals), ['the document says nothing of this suite, so as quick:', ...quick.because]] as const,
    'as-written': () => [asWrittenStages(scenario), ['the phases of the scenario file, as written']] as const,
  }[profile]();
  const judged = stages.filter((stage) => stage.judged);
  const judgedSeconds = judged.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  const planned = judged.reduce((sum, { durationSeconds, arrivalsPerSec }) => sum + durationSeconds * ((arrivalsPerSec.from + arrivalsPerSec.to) / 2) * mix.requestsPerArrival, 0);
  const asked = profile === 'as-written' ? Math.max(0, ...judged.map(({ arrivalsPerSec }) => arrivalsPerSec.to)) * mix.requestsPerArrival : ratePerSec;
  return {
    shape: { model: 'open', stages }, ratePerSec: asked, requestsPerArrival: mix.requestsPerArrival,
    totalSeconds: stages.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0), judgedSeconds, because,
    warnings: tooShort(planned, judgedSeconds, quick),
  };
}

/** A scenario that only its own engine can read has no journeys here: an arrival counts as one request. */
function openMix(scenario: ShapeRequest['scenario']): RequestMix {
  const mix = requestMix(scenario.journeys);
  return mix.requestsPerArrival > 0 ? mix : { requestsPerArrival: 1, scatter: 1, shares: {} };
}

function rateOf({ plan, phase, step, flags }: ShapeRequest): number {
  if (flags.ratePerSec !== null) return flags.ratePerSec;
  if (flags.users !== null) return (flags.users * requestsPerUserPerMinute(plan)) / 60;
  return step.load.requestsPerSecond ?? phase.load.requestsPerSecond;
}

function tooShort(planned: number, seconds: number, needed: QuickDuration): string[] {
  // A tenth of a percent is the rounding of rates to stages.
  if (planned >= needed.requests * 0.999 && seconds >= needed.leastSeconds) return [];
  return [`${grouped(planned)} requests in ${seconds} s cannot decide every required threshold (${needed.because.join('; ')})`];
}
