import { setTimeout as sleep } from 'node:timers/promises';

const PERIOD_MS = 1000;
const ANSWER_LIMIT_MS = 2000;
/** One lost answer is noise, two in a row are a sign. */
const BAD_IN_A_ROW = 2;

/** Asks a URL once a second and tells the reason once it says no (any status but 2xx) or nothing, twice in a row. Returns the end of the watch. */
export function watchHealth(url: string, onBad: (reason: string) => void): () => void {
  const over = new AbortController();
  void watch(url, onBad, over.signal);
  return () => over.abort();
}

async function watch(url: string, onBad: (reason: string) => void, signal: AbortSignal): Promise<void> {
  let bad = 0;
  while (!signal.aborted) {
    const fault = await faultOf(url);
    bad = fault === null ? 0 : bad + 1;
    if (fault !== null && bad >= BAD_IN_A_ROW && !signal.aborted) return onBad(`the health URL ${fault}`);
    await sleep(PERIOD_MS, undefined, { signal }).catch(() => {});
  }
}

async function faultOf(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    await response.arrayBuffer();
    return response.ok ? null : `answered ${response.status}`;
  } catch {
    return `did not answer within ${ANSWER_LIMIT_MS / 1000} s`;
  }
}
