/**
 * Takes the place of autocannon's worker: 10 million requests that were never sent go through its recorder and out as its lines, as
 * fast as they can be counted. What the driver keeps of them is the same as of real ones.
 */
import { IntervalRecorder } from '../src/engines/autocannon/recorder.ts';

const REQUESTS = 10_000_000;
/** About what one core can send, so that each second has as many requests as a real one. */
const PER_SECOND = 25_000;
/** Spread of the latencies (of their logarithm) around 1 ms: at 25,000 requests some 1,500 different counters a second, as with real ones. */
const MEDIAN_MS = 1;
const SPREAD = 0.4;

const say = (message: unknown): void => void process.stdout.write(`${JSON.stringify(message)}\n`);
const recorder = new IntervalRecorder([{ journey: 'one', step: 'GET /' }], 0, (interval) => say({ type: 'interval', interval }));
for (let request = 0; request < REQUESTS; request += 1) {
  const latencyMs = MEDIAN_MS * Math.exp(SPREAD * normal());
  recorder.sent();
  recorder.answer(0, (request / PER_SECOND) * 1000, null, 200, latencyMs, latencyMs * 0.99, 120);
}
recorder.finish((REQUESTS / PER_SECOND) * 1000);
say({ type: 'end' });
process.stdin.resume().on('close', () => process.exit(0));

/** Normally distributed (Box & Muller 1958). */
function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
