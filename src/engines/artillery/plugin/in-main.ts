import type { EventEmitter } from 'node:events';
import { monotonicUs } from '../wire.ts';
import type { PluginSettings } from '../wire.ts';
import type { ArtilleryGlobal, Script } from './artillery.ts';
import { openLink } from './link.ts';

/** The driver answers at once; if it is gone, artillery must end all the same. */
const ACK_PATIENCE_MS = 10_000;

/**
 * In the main thread: says when the first phase begins and the last one is over, ends the run when the driver asks for it, and
 * holds the process until the driver has everything. (artillery's own end does not wait for its workers.)
 */
export function watchRun(script: Script, events: EventEmitter, settings: PluginSettings): () => Promise<void> {
  const last = (script.config.phases?.length ?? 0) - 1;
  let acknowledge = (): void => {};
  const acknowledged = new Promise<void>((resolve) => { acknowledge = resolve; });
  const link = openLink(settings.socket, (message) => {
    if (message.t === 'finish') endRun();
    if (message.t === 'ack') acknowledge();
  });
  link.say({ t: 'main' });
  let hasBegun = false;
  events.on('phaseStarted', () => {
    if (hasBegun) return;
    hasBegun = true;
    link.say({ t: 'begun', atUs: monotonicUs(), atMs: Date.now() });
  });
  events.on('phaseCompleted', ({ index }: { index: number }) => {
    if (index === last) link.say({ t: 'launched' });
  });
  return async () => {
    link.say({ t: 'closing' });
    await Promise.race([acknowledged, sleepUnheld(ACK_PATIENCE_MS)]);
    await link.close(500);
  };
}

/** The way artillery offers its plugins: hooks and `after` still run, reporters are closed. */
function endRun(): void {
  const { artillery } = globalThis as { artillery?: ArtilleryGlobal }; // artillery's own global
  void artillery?.shutdown?.({ exitCode: 0 });
}

function sleepUnheld(ms: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, ms).unref(); });
}
