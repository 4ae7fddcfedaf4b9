/**
 * The operational laws (Denning & Buzen 1978; Lazowska et al. 1984, Quantitative System Performance, ch. 3 and 5): they hold for what was
 * measured, whatever the distributions. Times in seconds, rates per second.
 */

/** Asymptotic bounds for N users with a think time: X(N) ≤ min(1 ÷ D_max, N ÷ (ΣD + Z)); they cross at N*. */
export function asymptoticBounds(demands: readonly number[], thinkSeconds: number): { readonly mostPerSec: number; readonly crossing: number; throughputAt(users: number): number } {
  const total = demands.reduce((sum, one) => sum + one, 0) + thinkSeconds;
  const most = Math.max(...demands);
  return { mostPerSec: 1 / most, crossing: total / most, throughputAt: (users) => Math.min(1 / most, users / total) };
}

/** How far a measurement is from Little's law N = X · R, as a share of N; beyond a tenth the figures do not belong together. */
export function littleGap(inFlight: number, throughputPerSec: number, responseSeconds: number): number {
  return Math.abs(inFlight - throughputPerSec * responseSeconds) / inFlight;
}

/**
 * Erlang's C: the probability that a request has to wait where `servers` are offered `load` server-seconds a second. 1 from saturation on.
 */
export function waitProbability(servers: number, load: number): number {
  if (load >= servers) return 1;
  if (load <= 0) return 0;
  let inverse = 1;
  // Erlang's B by its recursion, which cannot overflow; C from it.
  for (let k = 1; k <= servers; k += 1) inverse = 1 + (k / load) * inverse;
  const blocking = 1 / inverse;
  return blocking / (1 - (load / servers) * (1 - blocking));
}
