import { createHost } from '../../src/cli/host.ts';
import { createProgress } from '../../src/cli/progress.ts';
import { condition, interval, openShape, times } from '../judge/facts.ts';

/** Shows a load of so many ticks on the terminal it runs in, a tenth of a second each, and then waits to be looked at. */
const progress = createProgress(createHost().err, false);
for (let at = 1; at <= 30; at += 1) progress.say(`line ${at}`);
const conditions = [condition('http.p95{journey=dashboard} < 500 ms'), condition('http.error_rate < 0.1 %')];
progress.begin({ label: 'load', shape: openShape(60), timeoutMs: 10_000, conditions, requestsPerArrival: 2 }, 0, 2);
let at = 0;
const timer = setInterval(() => {
  const atMs = at * 1000;
  progress.read({ atMs, probe: 'node', metric: 'postgres.pool_waiting', value: at });
  progress.read({ atMs, probe: 'node', metric: 'node.event_loop_lag', value: 5 });
  progress.tick(interval(at, [{ latenciesMs: times(33, (n) => 20 + 25 * at + n) }]));
  if (at === 10) progress.say('Probe redis lost');
  at += 1;
  if (at < 25) return;
  clearInterval(timer);
  setTimeout(() => {
    progress.end();
    process.stderr.write('done\n');
  }, Number(process.argv[2] ?? 0));
}, 100);
