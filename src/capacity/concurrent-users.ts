import { times } from './connections.ts';
import { atMost, type Input } from './inputs.ts';

/** How many users can be at it at the same time. */
export interface ConcurrentUsers {
  readonly instances: Input;
  readonly connectionsPerInstance: Input;
  readonly requestsPerConnection: Input;
  readonly marginPercent: Input | null;
  readonly users: number;
  /** With the margin kept free; the whole number without one. */
  readonly safeUsers: number;
  readonly arithmetic: string;
}

/** instances × connections of each × requests of each connection, ÷ (1 + margin) (stolen-tee, lines 681-689). Half a user is none. */
export function concurrentUsers(instances: Input, connectionsPerInstance: Input, requestsPerConnection: Input, marginPercent: Input | null): ConcurrentUsers {
  const [count, each, requests] = [atMost(instances), atMost(connectionsPerInstance), atMost(requestsPerConnection)];
  const users = count * each * requests;
  // (100 + 20) / 100 is 1.2; 1 + 20 / 100 need not be in binary.
  const divisor = (100 + (marginPercent === null ? 0 : atMost(marginPercent))) / 100;
  const safeUsers = Math.floor(users / divisor);
  const product = `${times(count, 'instance')} × ${times(each, 'connection')} × ${times(requests, 'request')} = ${users}`;
  return {
    instances, connectionsPerInstance, requestsPerConnection, marginPercent, users, safeUsers,
    arithmetic: marginPercent === null ? product : `${product}; ${users} ÷ ${Number(divisor.toPrecision(12))} = ${safeUsers}`,
  };
}
