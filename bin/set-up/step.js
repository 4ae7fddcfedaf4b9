import { spawnSync } from 'node:child_process';

/** Most programs say last what went wrong; npm says it first, and then how it may be called. */
const HEAD_LINES = 15;
const TAIL_LINES = 10;
/** No single program of the set-up needs this long even over a slow line; a hanging one must not hang a CI job. */
const LIMIT_MS = 20 * 60_000;

/** Does a step and says on stderr what it was and how long it took. */
export function step(what, act) {
  process.stderr.write(`set-up: ${what} …`);
  const from = Date.now();
  try {
    const result = act();
    process.stderr.write(` ${((Date.now() - from) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stderr.write(' failed\n');
    throw error;
  }
}

/** A line for the person, between the steps. */
export function say(line) {
  process.stderr.write(`set-up: ${line}\n`);
}

/** Runs a program silently and gives back what it wrote to stdout; when it fails, the error holds the end of its output. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, {
    ...options,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: options.timeout ?? LIMIT_MS,
  });
  if (done.status === 0) return done.stdout;
  const why = done.error ? done.error.message : `it ended with ${done.status === null ? done.signal : `code ${done.status}`}`;
  throw new Error(`${[command, ...args].join(' ')}\n  failed: ${why}\n${headAndTail(`${done.stdout ?? ''}${done.stderr ?? ''}`)}`);
}

function headAndTail(text) {
  const lines = text.trim().split('\n').map((line) => `  ${line}`);
  if (lines.length <= HEAD_LINES + TAIL_LINES) return lines.join('\n');
  return [...lines.slice(0, HEAD_LINES), '  …', ...lines.slice(-TAIL_LINES)].join('\n');
}
