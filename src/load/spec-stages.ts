import type { ClosedStage, OpenStage } from '../model/load.ts';
import type { LoadSpec } from '../model/load-spec.ts';

/** One piece of a shape: shares of the full load at its beginning and end. */
export interface Piece {
  readonly seconds: number;
  readonly from: number;
  readonly to: number;
  readonly judged: boolean;
}

export type TimedSpec = Exclude<LoadSpec, { kind: 'replay' }>;

/** Where nothing else is said, a step lasts this long: k6's and Artillery's own examples use a minute. */
const STEP_SECONDS = 60;
/** Between the levels of a shape, so that a level is not judged by the connections it had to open. */
const RISE_SECONDS = 5;

/**
 * A shape as pieces one after the other. `judgedSeconds` is what the thresholds need: a constant load and a ramp last so long,
 * a spike stands between two constant pieces that share it, so that how the target recovers is judged as well.
 */
export function piecesOf(spec: TimedSpec, judgedSeconds: number): readonly Piece[] {
  const level = (share: number, seconds: number): Piece => ({ seconds, from: share, to: share, judged: true });
  const rise = (from: number, to: number): Piece => ({ seconds: RISE_SECONDS, from, to, judged: false });
  switch (spec.kind) {
    case 'constant': return [level(1, judgedSeconds)];
    case 'soak': return [level(1, spec.seconds)];
    case 'ramp': return [{ seconds: judgedSeconds, from: spec.from, to: spec.to, judged: true }];
    case 'steps': {
      const seconds = spec.eachSeconds ?? STEP_SECONDS;
      return spec.shares.flatMap((share, at) => (at === 0 ? [level(share, seconds)] : [rise(spec.shares[at - 1] ?? share, share), level(share, seconds)]));
    }
    case 'spike': {
      const around = Math.max(STEP_SECONDS / 2, Math.ceil(judgedSeconds / 2));
      return [level(1, around), rise(1, spec.share), level(spec.share, spec.seconds), rise(spec.share, 1), level(1, around)];
    }
  }
}

/** Pieces as stages of the open model at a full load of so many arrivals per second. */
export function openStagesOf(pieces: readonly Piece[], arrivalsPerSec: number): OpenStage[] {
  return pieces.map(({ seconds, from, to, judged }) => ({
    name: judged ? 'sustain' : 'ramp', judged, durationSeconds: seconds, arrivalsPerSec: { from: from * arrivalsPerSec, to: to * arrivalsPerSec },
  }));
}

/** Pieces as stages of the closed model with so many users at full load; users are whole, so a slope becomes steps of one second or more. */
export function closedStagesOf(pieces: readonly Piece[], users: number): ClosedStage[] {
  return pieces.flatMap(({ seconds, from, to, judged }) => {
    const [first, last] = [usersAt(from, users), usersAt(to, users)];
    const count = Math.min(seconds, Math.abs(last - first) + 1);
    return Array.from({ length: count }, (_, at) => ({
      name: judged ? 'sustain' as const : 'ramp' as const, judged, enough: null,
      durationSeconds: Math.floor(((at + 1) * seconds) / count) - Math.floor((at * seconds) / count),
      users: count === 1 ? last : Math.round(first + ((last - first) * at) / (count - 1)),
    }));
  });
}

function usersAt(share: number, users: number): number {
  return Math.max(1, Math.round(share * users));
}
