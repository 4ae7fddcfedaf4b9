/** Entry of the generator's process: a job on stdin, one line of JSON a second on stdout. */
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Variables } from '../../scenario/variables.ts';
import type { Go, Job, WorkerMessage } from './protocol.ts';
import { STOP } from './protocol.ts';
import { runLoad } from './load-run.ts';

const stopping = new AbortController();
const input = createInterface({ input: process.stdin });
let hasBegun = false;
let go: (message: Go) => void = () => {};

input.on('line', (line) => {
  if (hasBegun) {
    if (line === STOP) stopping.abort();
    else go(JSON.parse(line) as Go); // written by our own driver
    return;
  }
  hasBegun = true;
  const job: Job = JSON.parse(line); // written by our own driver
  const meet = (shared: Variables): Promise<Go> => new Promise((resolve) => {
    go = resolve;
    send({ type: 'ready', shared });
  });
  runLoad(job, stopping.signal, (interval) => send({ type: 'interval', interval }), meet).then(
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
