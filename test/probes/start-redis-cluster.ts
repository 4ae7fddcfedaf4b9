import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findRedis } from '../../src/demo/servers/find-redis.ts';
import { launch } from '../../src/demo/servers/server.ts';
import { freePort } from '../../src/process/free-port.ts';

export interface ClusterNode {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

const SLOTS = 16_384;

/** A cluster of three masters on loopback, its bus on ports of our own choice: by default it would be 10,000 higher, among the ephemeral ones. */
export async function startRedisCluster(dir: string): Promise<readonly ClusterNode[]> {
  const nodes = await Promise.all([0, 1, 2].map((index) => startNode(dir, index)));
  const clients = nodes.map(({ port }) => new Redis(port, '127.0.0.1', { maxRetriesPerRequest: 1 }));
  try {
    for (const [index, client] of clients.entries()) {
      await client.call('CLUSTER', 'ADDSLOTSRANGE', Math.floor((index * SLOTS) / 3), Math.floor(((index + 1) * SLOTS) / 3) - 1);
      for (const { port, bus } of nodes) await client.call('CLUSTER', 'MEET', '127.0.0.1', port, bus);
    }
    for (let tries = 0; tries < 200; tries += 1) {
      const states = await Promise.all(clients.map((client) => client.call('CLUSTER', 'INFO')));
      if (states.every((state) => /cluster_state:ok/.test(String(state)) && /cluster_known_nodes:3/.test(String(state)))) return nodes;
      await sleep(50);
    }
    throw new Error('the cluster did not come together within ten seconds');
  } finally {
    for (const client of clients) client.disconnect();
  }
}

async function startNode(dir: string, index: number): Promise<ClusterNode & { readonly bus: number }> {
  const { command, env } = await findRedis();
  const bus = await freePort();
  const { port, stop } = await launch({
    name: `cluster-${index}`, command, env, cwd: dir, stopSignal: 'SIGTERM', logFile: `${dir}/cluster-${index}.log`,
    args: (at) => ['--port', String(at), '--bind', '127.0.0.1', '--save', '', '--dir', dir, '--cluster-enabled', 'yes', '--cluster-port', String(bus),
      '--cluster-config-file', `nodes-${index}.conf`, '--cluster-node-timeout', '500', '--cluster-require-full-coverage', 'no'],
    isReady: async (at) => {
      const client = new Redis(at, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
      client.on('error', () => {});
      return client.connect().then(() => true, () => false).finally(() => client.disconnect());
    },
  });
  return { port, bus, stop };
}
