import { setTimeout as sleep } from 'node:timers/promises';
import type { Failover } from './application.ts';

const PAUSE_MS = 10;
/** After as many good answers in a row, a second's worth, nobody is left who would still be sent to the lost part. */
const GOOD_IN_A_ROW = 50;
/** An answer that is not there by then is none. */
const ANSWER_LIMIT_MS = 2000;

export interface FailoverTime {
  /** From the loss to the first good answer after which no bad one came. */
  readonly ms: number;
  readonly badAnswers: number;
}

/** Ends a part of an application at `url` and asks, one request after the other, until answers are good again. Throws after `limitMs`. */
export async function measureFailover(url: string, { path, lose, what }: Failover, limitMs = 60_000): Promise<FailoverTime> {
  const lostAtMs = performance.now();
  const losing = lose();
  let badAnswers = 0;
  let goodInARow = 0;
  let goodSinceMs: number | null = null;
  for (let turn = 0; performance.now() - lostAtMs < limitMs; turn++) {
    const isGood = await isAnsweredWell(`${url}${path(turn)}`);
    goodInARow = isGood ? goodInARow + 1 : 0;
    if (!isGood) badAnswers += 1;
    goodSinceMs = isGood ? (goodSinceMs ?? performance.now() - lostAtMs) : null;
    if (goodSinceMs !== null && goodInARow >= GOOD_IN_A_ROW) {
      await losing;
      return { ms: goodSinceMs, badAnswers };
    }
    await sleep(PAUSE_MS);
  }
  await losing;
  throw new Error(`without ${what} there were no good answers within ${limitMs / 1000} s`);
}

async function isAnsweredWell(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
