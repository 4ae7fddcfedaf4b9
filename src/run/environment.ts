import { versions } from 'node:process';
import { availableParallelism, cpus, hostname, platform, release, totalmem } from 'node:os';

/** Where the run was made: two runs are only comparable where these agree. The host's name stays here, on the machine that made it. */
export function describeEnvironment(toolVersion: string): Readonly<Record<string, string | number>> {
  return {
    scaleplan: toolVersion,
    node: versions.node,
    os: `${platform()} ${release()}`,
    host: hostname(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
  };
}
