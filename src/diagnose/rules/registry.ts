import type { Rule } from '../rule.ts';
import { cache } from './cache.ts';
import { dbConnections } from './db-connections.ts';
import { dbLock } from './db-lock.ts';
import { dbQuery } from './db-query.ts';
import { eventLoopBlocked } from './event-loop-blocked.ts';
import { fileReads } from './file-reads.ts';
import { generator } from './generator.ts';
import { hostCpu } from './host-cpu.ts';
import { memory } from './memory.ts';
import { network } from './network.ts';
import { nodeCpu } from './node-cpu.ts';
import { qdrant } from './qdrant.ts';
import { queue } from './queue.ts';
import { replicaLag } from './replica-lag.ts';

/** Every bottleneck that can be named, in the contract's order. A new one is a file in this folder and a line here. */
export const RULES: readonly Rule[] = [
  dbConnections, dbQuery, dbLock, qdrant, cache, nodeCpu, eventLoopBlocked, hostCpu, memory, queue, fileReads, replicaLag, network, generator,
];
