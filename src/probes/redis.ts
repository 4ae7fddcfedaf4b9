import { ScaleplanError } from '../errors.ts';
import type { OpenProbe, Probe, ProbeOptions, Reading, Shortfall } from './probe.ts';
import { addressAt, clusterNodes, mastersIn } from './redis-cluster.ts';
import { connectRedis, describeRedisRefusal } from './redis-connection.ts';
import { RedisNode } from './redis-node.ts';
import { redisReadings } from './redis-readings.ts';

/**
 * Reads Redis by one `INFO everything` a second: about 30 µs of server time, no keys touched, no misses made. A node of a cluster names
 * the others, and all its masters are read.
 */
export const redisProbe: OpenProbe = (options) => new RedisProbe(options);

/** Masters come, go and change places with replicas; a look takes as long as a reading. */
const LOOK_AGAIN_TICKS = 10;

class RedisProbe implements Probe {
  readonly kind = 'redis';
  readonly #options: ProbeOptions;
  /** By address without secrets; of a cluster its masters, else one. */
  #nodes = new Map<string, RedisNode>();
  #isCluster = false;
  #ticksUntilLook = 0;

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  async open(signal: AbortSignal): Promise<string> {
    const { address, timeoutMs } = this.#options;
    const node = new RedisNode(await connectRedis(address, timeoutMs, signal));
    this.#nodes.set(new URL(address).host, node);
    return this.#asking(async () => {
      const info = await node.info();
      if (info.text('redis_mode') === 'sentinel') {
        throw new ScaleplanError('probe-refused', 'this is a sentinel: it holds no data', { hint: 'Name the address of the Redis it watches.' });
      }
      this.#isCluster = info.text('cluster_enabled') === '1';
      if (this.#isCluster) await this.#findMasters(signal);
      await node.slowCommands();
      const limit = info.number('maxmemory') > 0 ? `, maxmemory-policy ${info.text('maxmemory_policy') ?? '?'}` : ', without maxmemory';
      const queues = info.hasQueues() ? ', job queues share it' : '';
      return `Redis ${info.text('redis_version') ?? '?'}${limit}${queues}${this.#isCluster ? `, cluster of ${this.#nodes.size} masters` : ''}`;
    });
  }

  async read(elapsedSeconds: number, signal: AbortSignal): Promise<readonly Reading[]> {
    if (this.#nodes.size === 0) throw new ScaleplanError('probe-refused', 'the connection to Redis is closed');
    return this.#asking(async () => {
      if (this.#isCluster && this.#ticksUntilLook <= 0) await this.#findMasters(signal);
      this.#ticksUntilLook -= 1;
      try {
        const figures = await Promise.all([...this.#nodes.values()].map((node) => node.read(elapsedSeconds === 0)));
        return redisReadings(figures, this.#isCluster);
      } catch (error) {
        // A master that went away is another one's place by the next tick.
        this.#ticksUntilLook = 0;
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    for (const node of this.#nodes.values()) node.close();
    this.#nodes.clear();
  }

  shortfalls(): readonly Shortfall[] {
    const isHidden = [...this.#nodes.values()].some((node) => !node.seesSlowLog);
    const user = decodeURIComponent(new URL(this.#options.address).username) || 'default';
    return isHidden ? [{ what: 'slow commands', remedy: `ACL SETUSER ${user} +slowlog|get` }] : [];
  }

  /** Keeps the connections that are still right, makes those that are missing, ends the others. */
  async #findMasters(signal: AbortSignal): Promise<void> {
    const { address, timeoutMs } = this.#options;
    const { host: asked, nodes } = await this.#anyNode();
    const masters = mastersIn(nodes);
    if (masters.length === 0) throw new ScaleplanError('probe-refused', 'no master of the cluster serves any keys', { hint: 'Are its slots assigned, and is it up?' });
    const found = new Map<string, RedisNode>();
    const connected = await Promise.allSettled(masters.map(async (master) => {
      const at = addressAt(address, master.isMyself ? { ...master, host: new URL(`redis://${asked}`).hostname } : master);
      const { host } = new URL(at);
      const known = this.#nodes.get(host);
      found.set(host, known?.redis.status === 'ready' ? known : new RedisNode(await connectRedis(at, timeoutMs, signal)));
    }));
    const kept = new Set(found.values());
    for (const node of this.#nodes.values()) if (!kept.has(node)) node.close();
    this.#nodes = found;
    const failed = connected.find((result) => result.status === 'rejected');
    // The sum of some masters would pass for that of all.
    if (failed !== undefined) throw unreachable(failed.reason);
    this.#ticksUntilLook = LOOK_AGAIN_TICKS;
  }

  /** What the first node that answers says of the cluster; the one that was named may be gone. */
  async #anyNode(): Promise<{ host: string; nodes: string }> {
    let refusal: unknown = new Error('no node of the cluster answers');
    for (const [host, node] of this.#nodes) {
      try {
        return { host, nodes: await clusterNodes(node.redis) };
      } catch (error) {
        refusal = error;
      }
    }
    throw refusal;
  }

  async #asking<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw error instanceof ScaleplanError ? error : describeRedisRefusal(error, this.#options.address);
    }
  }
}

function unreachable(reason: unknown): ScaleplanError {
  const message = reason instanceof Error ? reason.message : String(reason);
  return new ScaleplanError('probe-refused', message, {
    hint: 'The cluster names this address for one of its masters: it must be reached from here (cluster-announce-ip), by the same user and password.', cause: reason,
  });
}
