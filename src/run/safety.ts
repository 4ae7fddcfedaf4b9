import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { ScaleplanError } from '../errors.ts';

/** Loopback, private and link-local ranges: RFC 1122, 1918, 3927, 4193, 4291. */
const LOCAL = new BlockList();
LOCAL.addSubnet('127.0.0.0', 8);
LOCAL.addSubnet('10.0.0.0', 8);
LOCAL.addSubnet('172.16.0.0', 12);
LOCAL.addSubnet('192.168.0.0', 16);
LOCAL.addSubnet('169.254.0.0', 16);
LOCAL.addAddress('::1', 'ipv6');
LOCAL.addSubnet('fc00::', 7, 'ipv6');
LOCAL.addSubnet('fe80::', 10, 'ipv6');

/**
 * A load test of somebody else's system is an attack: only loopback and private addresses are a target
 * without being named. Throws `target-not-allowed`, `wrong-usage` for what is no http(s) URL, `target-down` for an unknown host.
 */
export async function assertAllowedTarget(target: string, allowedHosts: readonly string[]): Promise<URL> {
  const url = parseTarget(target);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (allowedHosts.includes(host) || allowedHosts.includes(url.host)) return url;
  for (const { address, family } of await addressesOf(host)) {
    if (!LOCAL.check(address, family === 6 ? 'ipv6' : 'ipv4')) {
      throw new ScaleplanError('target-not-allowed', `The target ${url.host} (${address}) is neither loopback nor private.`, {
        hint: `If it is yours to load, say so: --allow-target ${host}, or allowedTargets in the configuration.`,
      });
    }
  }
  return url;
}

function parseTarget(target: string): URL {
  const url = URL.canParse(target) ? new URL(target) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new ScaleplanError('wrong-usage', `The target "${target}" is not an http or https URL.`, { hint: 'Example: --target http://127.0.0.1:3000' });
  }
  return url;
}

async function addressesOf(host: string): Promise<{ address: string; family: number }[]> {
  const family = isIP(host);
  if (family) return [{ address: host, family }];
  try {
    return await lookup(host, { all: true });
  } catch (cause) {
    throw new ScaleplanError('target-down', `The host name ${host} does not resolve.`, { hint: 'Check the spelling of --target.', cause });
  }
}
