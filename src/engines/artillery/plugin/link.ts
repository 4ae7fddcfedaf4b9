import { connect } from 'node:net';
import { env } from 'node:process';
import type { FromPlugin, PluginSettings, ToPlugin } from '../wire.ts';

/** The plugin's end of the line to the driver; every thread has its own. */
export interface Link {
  say(message: FromPlugin): void;
  /** Settles when everything said has been handed over and the line is closed, or after `patienceMs`. */
  close(patienceMs: number): Promise<void>;
}

/** What driver and plugin agreed on; null when artillery was not started by us. */
export function readSettings(): PluginSettings | null {
  const text = env['SCALEPLAN_ARTILLERY'];
  if (text === undefined) return null;
  return JSON.parse(text) as PluginSettings; // written by our own driver
}

/** A lost line means that the driver is gone or has given up: there is nobody left to measure for, so errors are not raised. */
export function openLink(path: string, hear: (message: ToPlugin) => void): Link {
  const socket = connect(path);
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('error', () => {});
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) hear(JSON.parse(line) as ToPlugin); // written by our own driver
  });
  // The line must never be what keeps artillery from ending.
  socket.unref();
  return {
    say: (message) => void socket.write(`${JSON.stringify(message)}\n`),
    close: (patienceMs) => new Promise((resolve) => {
      const timer = setTimeout(done, patienceMs);
      function done(): void {
        clearTimeout(timer);
        resolve();
      }
      socket.ref();
      socket.once('close', done);
      socket.end();
    }),
  };
}
