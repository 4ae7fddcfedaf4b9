/**
 * Servers (cores, connections, workers) needed so that no more than a share of the requests has to wait for one:
 * R·L + Q·√(R·L). Q by that share, from Netflix's service-capacity-modeling (the square-root staffing rule of an M/M/c queue).
 */
const QUEUEING: readonly (readonly [probability: number, q: number])[] = [[0.01, 2.375], [0.05, 1.761], [0.2, 1.16], [0.3, 1]];

export interface Queueing {
  readonly ratePerSec: number;
  readonly latencyMs: number;
  /** Little's law: requests that are being worked at, on the mean. */
  readonly inFlight: number;
  /** For each probability that a request has to wait: the servers needed, and how busy they are then. */
  readonly servers: readonly { readonly probability: number; readonly needed: number; readonly utilization: number }[];
  readonly arithmetic: string;
}

/** `latencyMs` is the time a request keeps one server busy: the mean, without waiting. */
export function queueing(ratePerSec: number, latencyMs: number): Queueing {
  const inFlight = (ratePerSec * latencyMs) / 1000;
  return {
    ratePerSec, latencyMs, inFlight,
    servers: QUEUEING.map(([probability, q]) => {
      // What binary fractions add beyond the twelfth digit must not cost a server.
      const needed = Math.ceil(Number((inFlight + q * Math.sqrt(inFlight)).toPrecision(12)));
      return { probability, needed, utilization: needed === 0 ? 0 : inFlight / needed };
    }),
    arithmetic: `${shown(ratePerSec)} requests/s × ${shown(latencyMs / 1000)} s = ${shown(inFlight)} at the same time`,
  };
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}
