import { lnNormalBelow, normalBelow } from './normal.ts';
import { waitProbability } from './operational-laws.ts';

/** Work that arrives at a station of servers, and how long its users may wait. */
export interface Station {
  readonly servers: number;
  /** Half the variance of the work that arrives in a second ÷ its mean, in server-seconds: (c²ₐ + c²ₛ) ÷ 2 times the time a request keeps a server. */
  readonly burstSeconds: number;
  readonly waitSeconds: number;
  /** For so long the load is carried, from an empty station on. */
  readonly horizonSeconds: number;
}

/** Beyond the 95th percentile. */
const TAIL = 0.05;
/** Times at which the horizon is looked at: the wait changes slowly. */
const LOOKS = 24;
/** Loads beyond this multiple of the servers are not asked for. */
const MOST = 3;

/**
 * The utilisation at which one request in twenty waits longer than `waitSeconds`, over the horizon: above 1 where the limit is so far away that
 * an overload is not felt before it ends. The wait is a Brownian motion reflected at 0 (Harrison 1985, Brownian Motion and Stochastic Flow
 * Systems, §1.9), which heavy traffic comes to whatever the distributions (Kingman 1961; Iglehart & Whitt 1970), with the measured burstiness of
 * work (Fendick & Whitt 1989, Proc. IEEE 77:171) and Erlang's C as the share that waits at all (Allen & Cunneen).
 */
export function utilizationFelt(station: Station): number {
  let [low, high] = [0, MOST];
  for (let round = 0; round < 40; round += 1) {
    const middle = (low + high) / 2;
    if (shareWaiting(station, middle) > TAIL) high = middle;
    else low = middle;
  }
  return low;
}

/** Share of the requests within the horizon that wait longer than the limit. */
export function shareWaiting({ servers, burstSeconds, waitSeconds, horizonSeconds }: Station, utilization: number): number {
  const variance = (2 * burstSeconds) / servers;
  const waits = waitProbability(servers, utilization * servers);
  let sum = 0;
  for (let look = 0; look < LOOKS; look += 1) sum += beyond(waitSeconds, utilization - 1, variance, (horizonSeconds * (look + 0.5)) / LOOKS);
  return (waits * sum) / LOOKS;
}

/** P(W(time) > wait) of a Brownian motion reflected at 0 that begins there. */
function beyond(wait: number, drift: number, variance: number, time: number): number {
  const spread = Math.sqrt(Math.max(1e-12, variance) * time);
  const reflected = (2 * drift * wait) / Math.max(1e-12, variance) + lnNormalBelow((-wait - drift * time) / spread);
  return Math.min(1, 1 - normalBelow((wait - drift * time) / spread) + Math.exp(Math.min(0, reflected)));
}
