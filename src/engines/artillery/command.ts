import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, homedir } from 'node:os';
import { join } from 'node:path';
import { env as ownEnv } from 'node:process';
import { isLoopback } from '../../model/loopback.ts';
import type { EngineLoad } from '../engine.ts';
import { artilleryPhases } from './phases.ts';
import type { PluginSettings } from './wire.ts';

export interface Command {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The command line and environment that run the user's file as it is, with our load, target, headers and time-out. */
export function artilleryCommand(bin: string, load: EngineLoad, folder: string, socket: string): Command {
  const headers = Object.entries(load.headers);
  const settings: PluginSettings = { socket, timeoutMs: load.timeoutMs, hasHeaders: headers.length > 0 };
  const proxyOff = isLoopback(load.target) ? { HTTP_PROXY: undefined, HTTPS_PROXY: undefined } : {};
  return {
    args: [bin, 'run', '--quiet', '--target', load.target, '--overrides', JSON.stringify(overrides(load)), load.scenario.file],
    env: {
      ARTILLERY_DISABLE_TELEMETRY: '1',
      ARTILLERY_PLUGINS: '{"scaleplan":{}}',
      ARTILLERY_PLUGIN_PATH: folder,
      SCALEPLAN_ARTILLERY: JSON.stringify(settings),
      ...Object.fromEntries(headers.map(([, value], index) => [headerVariable(index), value])),
      NODE_COMPILE_CACHE: ownEnv['NODE_COMPILE_CACHE'] ?? compileCache(),
      // It makes artillery gather and print every body; that would be measured.
      DEBUG: undefined,
      ...proxyOff,
    },
  };
}

/** artillery replaces lists and merges the rest. Both places of the time-out are set: the older one, `config.timeout`, wins. */
function overrides({ shape, timeoutMs, headers, scenario }: EngineLoad): object {
  const timeout = timeoutMs / 1000;
  // Values may be secrets: a command line is visible to every user of the machine, the environment is not.
  const ours = Object.fromEntries(Object.keys(headers).map((name, index) => [name.toLowerCase(), `{{ $env.${headerVariable(index)} }}`]));
  const defaults = Object.keys(ours).length === 0 ? {} : { defaults: { headers: { ...scenario.defaultHeaders, ...ours } } };
  const phases = shape.model === 'open' ? artilleryPhases(shape.stages, workerCount()) : [];
  return { config: { phases, timeout, http: { timeout, ...defaults } } };
}

/** As artillery counts them; it offers no way to choose. */
function workerCount(): number {
  return Math.max(1, cpus().length - 1);
}

/** artillery loads 300 packages, twice; compiled code kept between runs saves a quarter of the CPU time of a start. Node leaves it out where it cannot write. */
function compileCache(): string {
  return join(ownEnv['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'scaleplan', 'node-compile-cache');
}

function headerVariable(index: number): string {
  return `SCALEPLAN_HEADER_${index}`;
}

/**
 * Writes the folder that artillery finds the plugin in by name: a package of one line that loads ours, be it source or compiled.
 * (artillery resolves plugins by the rules of CommonJS and imports what it finds.)
 */
export async function writePluginPackage(folder: string): Promise<void> {
  const here = import.meta.url;
  const plugin = new URL(here.endsWith('.ts') ? './plugin/plugin.ts' : './plugin/plugin.js', here);
  const package_ = join(folder, 'artillery-plugin-scaleplan');
  await mkdir(package_, { recursive: true });
  await writeFile(join(package_, 'package.json'), '{"type":"module","main":"./index.js"}\n');
  await writeFile(join(package_, 'index.js'), `export { Plugin } from ${JSON.stringify(plugin.href)};\n`);
}
