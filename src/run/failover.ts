import { setTimeout as sleep } from 'node:timers/promises';

/** A part of the target that may be lost, and what to ask for meanwhile. */
export interface Loss {
  /** For people: what is lost. */
  readonly what: string;
  lose(): Promise<void>;
  /** A path of which the lost part has its share in answering. */
  path(turn: number): string;
}

/** Ten questions a second show a gap of a tenth of a second, and are no load. */
const PERIOD_MS = 100;
/** Someone who waits this long for one answer has left. */
const ANSWER_LIMIT_MS = 5000;
/** Good answers for so long: it is over. A pool that still holds dead connections fails within a second or two. */
const STEADY_MS = 3000;
/** Twice what the strictest of the bundled plans allows. */
export const FAILOVER_LIMIT_MS = 60_000;

export interface Failover {
  /** From the loss to the end of the first good answer after which none failed; null when it did not come back in time. */
  readonly ms: number | null;
  readonly asked: number;
  readonly failed: number;
}

/**
 * Loses a part of the target and asks it ten times a second until it has answered well for three seconds, one minute at most.
 * An abort ends it early, as not come back.
 */
export async function measureFailover(target: string, loss: Loss, signal: AbortSignal): Promise<Failover> {
  const lostAtMs = performance.now();
  let backAtMs: number | null = null;
  let [asked, failed] = [0, 0];
  const ask = async (turn: number): Promise<void> => {
    asked += 1;
    const isGood = await answersWell(new URL(loss.path(turn), target));
    if (!isGood) [failed, backAtMs] = [failed + 1, null];
    else backAtMs ??= performance.now();
  };
  const inFlight: Promise<void>[] = [loss.lose()];
  for (let turn = 0; !signal.aborted; turn += 1) {
    inFlight.push(ask(turn));
    await sleep(PERIOD_MS);
    const passedMs = performance.now() - lostAtMs;
    if (passedMs > FAILOVER_LIMIT_MS || (backAtMs !== null && performance.now() - backAtMs > STEADY_MS)) break;
  }
  await Promise.all(inFlight);
  return { ms: backAtMs === null || signal.aborted ? null : backAtMs - lostAtMs, asked, failed };
}

async function answersWell(url: URL): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
