import { connectOnce } from '../run/preflight.ts';
import { assertAllowedTarget } from '../run/safety.ts';
import { failedBy, ok, type Finding } from './finding.ts';

/** May it be loaded, and does it answer a connection? No request is sent. */
export async function checkTarget(target: string, allowedHosts: readonly string[]): Promise<Finding> {
  try {
    const url = await assertAllowedTarget(target, allowedHosts);
    const from = performance.now();
    await connectOnce(url);
    return ok('target', `${url.host} took a connection${url.protocol === 'https:' ? ', with TLS,' : ''} in ${(performance.now() - from).toFixed(1)} ms`);
  } catch (error) {
    return failedBy('target', error);
  }
}
