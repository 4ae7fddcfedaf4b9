import { Agent, createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { readBody } from './read-body.ts';
import { forward, isAlive } from './upstream.ts';
import type { Failure } from './upstream.ts';

/** What an instance is asked, and how often; twice a second finds a dead one before a person notices. */
const HEALTH_PERIOD_MS = 500;

interface Instance {
  readonly port: number;
  isUp: boolean;
}

export interface Balancer {
  readonly server: Server;
  stop(): void;
}

/**
 * Hands requests to the instances on these loopback ports, one after the other. One that refuses a connection, or whose `/health`
 * does not answer, comes last until it answers again; it is still tried where no other answers, for then it may be the check that is wrong.
 */
export function createBalancer(ports: readonly number[]): Balancer {
  const agent = new Agent({ keepAlive: true });
  const instances: Instance[] = ports.map((port) => ({ port, isUp: true }));
  let turn = 0;

  function inTurn(): readonly Instance[] {
    turn = (turn + 1) % Math.max(1, instances.length);
    const rotated = [...instances.slice(turn), ...instances.slice(0, turn)];
    return [...rotated.filter(({ isUp }) => isUp), ...rotated.filter(({ isUp }) => !isUp)];
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    for (const instance of inTurn()) {
      const failure = await forward({ agent, port: instance.port, request, body, response });
      if (failure === null) return;
      instance.isUp = false;
      if (!mayBeRepeated(request, failure)) break;
    }
    response.writeHead(502, { 'content-type': 'application/json' }).end('{"error":"no instance answered"}');
  }

  const timer = setInterval(() => {
    for (const instance of instances) {
      void check(instance);
    }
  }, HEALTH_PERIOD_MS).unref();
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  return {
    server,
    stop() {
      clearInterval(timer);
      agent.destroy();
    },
  };
}

async function check(instance: Instance): Promise<void> {
  instance.isUp = await isAlive(instance.port);
}

/** What no instance has seen may be sent to the next; what one may have done already only if doing it twice changes nothing. */
function mayBeRepeated({ method }: IncomingMessage, failure: Failure): boolean {
  return failure === 'refused' || method === 'GET' || method === 'HEAD';
}
