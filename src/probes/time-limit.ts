/**
 * Runs `work` and gives up on it after `limitMs`, or as soon as `stopped` is aborted, also when the work ignores its signal.
 * Rejects with what the work threw, or with why it was given up.
 */
export async function withTimeLimit<T>(limitMs: number, stopped: AbortSignal | null, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error(`no answer within ${limitMs / 1000} s`)), limitMs);
  const signal = stopped === null ? limit.signal : AbortSignal.any([limit.signal, stopped]);
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(signal.reason);
  signal.addEventListener('abort', giveUp);
  try {
    if (signal.aborted) giveUp();
    return await Promise.race([work(signal), givenUp]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}
