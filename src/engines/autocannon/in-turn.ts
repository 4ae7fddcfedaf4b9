const waiting: (() => void)[] = [];

/**
 * Does one thing in each turn of the event loop. Opening a connection takes longer than reading an answer: a group of
 * connections opened at once would hold up each other's first request, and the wait would be counted as the server's.
 */
export function inTurn(act: () => void): void {
  waiting.push(act);
  if (waiting.length === 1) setImmediate(next);
}

function next(): void {
  waiting[0]?.();
  waiting.shift();
  if (waiting.length > 0) setImmediate(next);
}
