import { availableParallelism } from 'node:os';
import type { ClosedStage } from '../../model/load.ts';

/** One worker makes 30,000 and more requests a second; under so many users for each, a second one would only take CPU from the target. */
const USERS_PER_WORKER = 25;
/** Beyond this the sockets of one address are the limit, not the cores. */
const MOST_WORKERS = 8;

/** As many workers as half the cores, the other half being the target's wherever both share a machine. */
export function workersFor(stages: readonly ClosedStage[], cores = availableParallelism()): number {
  const users = Math.max(...stages.map((stage) => stage.users));
  return Math.max(1, Math.min(MOST_WORKERS, Math.floor(cores / 2), Math.floor(users / USERS_PER_WORKER)));
}

/** A worker's part of the stages: its users, its part of a fixed count. */
export function stagesOf(stages: readonly ClosedStage[], index: number, of: number): ClosedStage[] {
  return stages.map(({ users, exactly, ...stage }) => ({
    ...stage, users: partOf(users, index, of), ...(exactly === undefined ? {} : { exactly: partOf(exactly, index, of) }),
  }));
}

function partOf(whole: number, index: number, of: number): number {
  return Math.floor(((index + 1) * whole) / of) - Math.floor((index * whole) / of);
}
