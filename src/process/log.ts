import { createWriteStream } from 'node:fs';

const MAX_LOG_BYTES = 10_000_000;
const TAIL_BYTES = 4_096;

/** Where a child's output goes: the last 4 KB kept at hand, all of it (up to 10 MB) in a file if one is named. */
export interface ChildLog {
  add(chunk: Buffer): void;
  tail(): string;
  close(): void;
}

export function openLog(file: string | undefined): ChildLog {
  const stream = file === undefined ? null : createWriteStream(file, { flags: 'a' });
  // A full disk must not end a run whose numbers are good; the tail is still there to be shown.
  stream?.on('error', () => {});
  let written = 0;
  let tail = Buffer.alloc(0);
  return {
    add(chunk) {
      tail = Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES);
      if (stream === null || written > MAX_LOG_BYTES) return;
      written += chunk.length;
      stream.write(written > MAX_LOG_BYTES ? '\n[cut here: the log reached 10 MB]\n' : chunk);
    },
    tail: () => tail.toString('utf8').trim(),
    close: () => stream?.end(),
  };
}
