import { dirname } from 'node:path';

import type { Payload, Scenario } from '../model/scenario.ts';
import { isMap } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { secondsOf } from './duration.ts';
import { readPayloads } from './payload.ts';

/** What `config` says, as far as every engine can follow it. */
interface ScriptConfig {
  readonly variables: Scenario['variables'];
  readonly payloads: readonly Payload[];
  /** Names under which whole payloads are known (`loadAll`). */
  readonly payloadNames: readonly string[];
  readonly defaultHeaders: Readonly<Record<string, string>>;
  readonly timeoutMs: number | null;
  readonly phases: Scenario['phases'];
  readonly processor: string | null;
}

const KEYS = {
  // Read, or without effect on what is sent: the target and the environments are chosen by whoever starts the run.
  read: ['target', 'variables', 'payload', 'http', 'defaults', 'phases', 'plugins', 'processor', 'timeout', 'environments', 'statsInterval', 'bundling'],
  beyond: ['tls', 'engines', 'ensure', 'socketio', 'ws', 'includeFiles', 'playwright'],
  of: 'config',
};

export function readConfig(config: Cursor, file: string, environment: Readonly<Record<string, string | undefined>>): ScriptConfig {
  config.entries('config');
  config.sort(KEYS);
  const expand = (text: string): string => expandConfig(text, file, environment);
  const http = config.at('http');
  const httpDefaults = http.at('defaults');
  const defaults = httpDefaults.at('headers').exists ? httpDefaults : config.at('defaults');
  http.sort({ read: ['timeout', 'defaults', 'extendedMetrics'], beyond: ['maxSockets', 'pool', 'cookieJarOptions', 'distributedTracing'], of: 'config.http' });
  for (const each of [httpDefaults, config.at('defaults')]) {
    each.sort({ read: ['headers'], beyond: ['cookie', 'strictCapture', 'think'], of: 'defaults' });
  }
  readPlugins(config.at('plugins'));
  const payload = config.at('payload');
  return {
    variables: readVariables(config.at('variables')),
    payloads: readPayloads(payload, file, expand),
    payloadNames: payload.oneOrMore().flatMap((item) => item.at('name').text('name') ?? []),
    defaultHeaders: defaults.at('headers').texts('headers'),
    timeoutMs: readTimeout(config.at('timeout').exists ? config.at('timeout') : http.at('timeout'), expand),
    phases: config.at('phases').items('phases').map((phase) => readPhase(phase, expand)),
    processor: config.at('processor').text('processor'),
  };
}

/** Plugins that only report; every other one may change what is sent or how a run ends. */
const HARMLESS_PLUGINS = ['expect', 'metrics-by-endpoint'];

function readPlugins(plugins: Cursor): void {
  for (const [name, plugin] of plugins.entries('plugins')) {
    if (!HARMLESS_PLUGINS.includes(name)) plugin.beyond(`the plugin "${name}"`);
  }
}

/** A list offers its values by chance; anything else is a list of one. */
function readVariables(variables: Cursor): Scenario['variables'] {
  return Object.fromEntries(variables.entries('variables').map(([name, variable]) => {
    if (Array.isArray(variable.value) && variable.value.length === 0) variable.fault(`variables: "${name}" has no values`);
    return [name, Array.isArray(variable.value) ? variable.value : [variable.value]];
  }));
}

function readTimeout(timeout: Cursor, expand: (text: string) => string): number | null {
  if (!timeout.exists) return null;
  const seconds = Number(typeof timeout.value === 'string' ? expand(timeout.value) : timeout.value);
  if (Number.isFinite(seconds) && seconds > 0) return seconds * 1000;
  timeout.fault(`timeout: expected seconds above 0, got ${JSON.stringify(timeout.value)}`);
  return null;
}

function readPhase(phase: Cursor, expand: (text: string) => string): Scenario['phases'][number] {
  const none = { durationSeconds: 0, arrivalRate: 0, rampTo: null };
  if (!isMap(phase.value)) {
    phase.fault('phases: expected a map like "{duration: 60, arrivalRate: 10}"');
    return none;
  }
  const number = (key: string, read: (value: unknown) => number | null): number | null => {
    const given = phase.at(key);
    if (!given.exists) return null;
    const value = read(typeof given.value === 'string' ? expand(given.value) : given.value);
    if (value !== null && Number.isFinite(value) && value >= 0) return value;
    given.fault(`${key}: expected a number, 0 or above, got ${JSON.stringify(given.value)}`);
    return 0;
  };
  const pause = number('pause', secondsOf);
  if (pause !== null) return { ...none, durationSeconds: pause };
  const durationSeconds = number('duration', secondsOf);
  if (durationSeconds === null || durationSeconds === 0) phase.fault('phases: expected a duration above 0');
  const count = number('arrivalCount', Number);
  const rate = number('arrivalRate', Number) ?? (count === null ? 0 : count / (durationSeconds || 1));
  return { durationSeconds: durationSeconds ?? 0, arrivalRate: rate, rampTo: number('rampTo', Number) };
}

/** `config` is filled in before the run and knows the environment and the script's own place, no variables. */
function expandConfig(text: string, file: string, environment: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (whole, name: string) => {
    if (name === '$dirname') return dirname(file);
    if (name === '$scenarioFile') return file;
    const variable = /^\$(?:env|processEnvironment)\.(\w+)$/.exec(name)?.[1];
    return (variable === undefined ? undefined : environment[variable]) ?? whole;
  });
}
