import { networkInterfaces } from 'node:os';
import { isLoopback } from '../model/loopback.ts';
import type { ProbeRequest } from '../probes/registry.ts';
import { warn, type Finding } from './finding.ts';

/**
 * `host` and `process` read the machine that scaleplan runs on. Of a target elsewhere they would tell what the load generator's machine
 * does, and it would pass for the target's. Null where there is nothing to ask; a name or a container's address may be this machine all the same.
 */
export function checkSameMachine(target: string, probes: readonly ProbeRequest[]): Finding | null {
  const kinds = [...new Set(probes.map(({ kind }) => kind))].filter((kind) => kind === 'host' || kind === 'process');
  const { hostname } = new URL(target);
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []).map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address));
  if (kinds.length === 0 || isLoopback(target) || own.includes(hostname)) return null;
  const many = kinds.length > 1;
  return warn('same machine', `the target is ${hostname}; ${kinds.map((kind) => `probe ${kind}`).join(' and ')} ${many ? 'read' : 'reads'} the machine scaleplan runs on`,
    'Unless the target runs here as well (in a container, under this name), leave it out: what the load generator’s machine does would pass for the target’s. For the target’s own: --probe prometheus=http://…:9090 with its node exporter.');
}
