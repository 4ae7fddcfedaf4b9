/** A neighbour on the host that computes all the time, as a process: prints `ready`, ends on SIGTERM. */
const SLICE_MS = 20;

process.stdout.write('ready\n');
process.once('SIGTERM', () => process.exit(0));
compute();

/** In slices, so that the signal is heard. */
function compute(): void {
  const until = performance.now() + SLICE_MS;
  for (let sum = 0; performance.now() < until;) sum += Math.sqrt(sum + 1);
  setImmediate(compute);
}
