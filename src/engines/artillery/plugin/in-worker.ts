import type { PluginSettings } from '../wire.ts';
import type { Script } from './artillery.ts';
import { attachHooks } from './hooks.ts';
import type { Users } from './hooks.ts';
import { openLink } from './link.ts';
import { divideRows } from './rows.ts';
import { Seconds } from './seconds.ts';
import { nowUs, Traffic } from './traffic.ts';

/** artillery adds `metrics-by-endpoint` to every run; whatever else is in this list has no work to do when the run is over. */
const QUIET_PLUGINS: ReadonlySet<string> = new Set(['metrics-by-endpoint', 'scaleplan', 'expect']);
const SWEEP_MS = 1000;

/** In a worker: measures, and reports every second until artillery stops the thread. Returns what has to be done then. */
export function measureWorker(script: Script, settings: PluginSettings): () => Promise<void> {
  const phase = script.config.phases?.[0];
  const worker = phase?.worker ?? 1;
  let isLaunched = false;
  let saidIdle = false;
  let timer: NodeJS.Timeout | undefined;

  const link = openLink(settings.socket, (message) => {
    if (message.t === 'begin') {
      seconds.begin(message.atUs);
      tick();
    } else if (message.t === 'launched') {
      isLaunched = endsEarly(script);
      lookAround();
    } else if (message.t === 'stop') {
      users.isStopped = true;
      lookAround();
    }
  });
  const seconds = new Seconds((second) => link.say({ t: 'second', worker, inFlight: traffic.inFlight, ...second }));
  const traffic = new Traffic(seconds, settings.timeoutMs, lookAround);
  const users: Users = { active: new Set(), isStopped: false, onLeave: lookAround };

  /** Says once that nothing more will come. */
  function lookAround(): void {
    if (saidIdle || traffic.inFlight > 0) return;
    if (!users.isStopped && !(isLaunched && users.active.size === 0)) return;
    saidIdle = true;
    link.say({ t: 'idle', worker });
  }

  function tick(): void {
    const leftUs = seconds.advance(nowUs());
    timer = setTimeout(tick, Math.max(1, leftUs / 1000)).unref();
  }

  const sweeper = setInterval(() => traffic.sweep(), SWEEP_MS).unref();
  keepUserHeaders(script, settings);
  divideRows(script, worker, phase?.totalWorkers ?? 1);
  attachHooks(script, seconds, traffic, users);
  link.say({ t: 'worker', worker, of: phase?.totalWorkers ?? 1 });

  return async () => {
    clearTimeout(timer);
    clearInterval(sweeper);
    seconds.advance(nowUs());
    seconds.close();
    link.say({ t: 'end', worker });
    await link.close(5000);
  };
}

/** Plugins of the user that act on artillery's own end of the run must see that end. */
function endsEarly({ config }: Script): boolean {
  return Object.keys(config.plugins ?? {}).every((name) => QUIET_PLUGINS.has(name));
}

/** Headers of ours arrive in `http.defaults`, where they would hide those a script has in the older `config.defaults`. */
function keepUserHeaders({ config }: Script, { hasHeaders }: PluginSettings): void {
  if (!hasHeaders || config.defaults?.headers === undefined) return;
  const http = (config.http ??= {});
  const defaults = (http.defaults ??= {});
  defaults.headers = { ...config.defaults.headers, ...defaults.headers };
}
