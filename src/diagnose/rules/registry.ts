import type { Rule } from '../rule.ts';
import { cache } from './cache.ts';
import { dbConnections } from './db-connections.ts';
import { nodeCpu } from './node-cpu.ts';
import { qdrant } from './qdrant.ts';

/** Every bottleneck that can be named. A new one is a file in this folder and a line here. */
export const RULES: readonly Rule[] = [dbConnections, qdrant, cache, nodeCpu];
