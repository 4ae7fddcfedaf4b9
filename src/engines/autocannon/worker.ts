/** Entry of the generator's process: a job on stdin, one line of JSON a second on stdout. */
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { WorkerMessage, Job } from './protocol.ts';
import { STOP } from './protocol.ts';
import { runLoad } from './load-run.ts';

const stopping = new AbortController();
const input = createInterface({ input: process.stdin });
let hasBegun = false;

input.on('line', (line) => {
  if (hasBegun) {
    if (line === STOP) stopping.abort();
    return;
  }
  hasBegun = true;
  const job: Job = JSON.parse(line); // written by our own driver
  runLoad(job, stopping.signal, (interval) => send({ type: 'interval', interval })).then(
    () => end({ type: 'end' }),
    (error: unknown) => end({ type: 'failed', reason: error instanceof Error ? error.message : String(error) }),
  );
});
// Nobody is left to report to.
input.on('close', () => process.exit(1));

function send(message: WorkerMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** autocannon's own timers would keep the process alive. */
function end(message: WorkerMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`, () => process.exit(0));
}
