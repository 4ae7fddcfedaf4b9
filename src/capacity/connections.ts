import type { Range } from '../model/plan.ts';
import { atMost, type Input } from './inputs.ts';

/** Whether the database has the connections that the instances ask for at their most. */
export interface ConnectionsNeeded {
  readonly instances: Input;
  readonly connectionsPerInstance: Input;
  readonly limit: Input;
  readonly needed: number;
  /** `uncertain`: more than the limit's lower end, no more than its upper one. */
  readonly status: 'enough' | 'uncertain' | 'too-few';
  /** What would fit instead, changing one of the two; 0 is none at all. */
  readonly fitting: { readonly instances: Range; readonly connectionsPerInstance: Range };
  readonly arithmetic: string;
}

/** needed = instances × connections of each, both at their most, against the limit (stolen-tee, lines 488-495). */
export function connectionsNeeded(instances: Input, connectionsPerInstance: Input, limit: Input): ConnectionsNeeded {
  const [count, each] = [atMost(instances), atMost(connectionsPerInstance)];
  const needed = count * each;
  const fit = (by: number): Range => ({ min: Math.floor(limit.min / by), max: Math.floor(atMost(limit) / by) });
  return {
    instances, connectionsPerInstance, limit, needed,
    status: needed <= limit.min ? 'enough' : needed <= atMost(limit) ? 'uncertain' : 'too-few',
    fitting: { instances: fit(each), connectionsPerInstance: fit(count) },
    arithmetic: `${times(count, 'instance')} × ${times(each, 'connection')} = ${needed}`,
  };
}

/** How many connections each instance may hold, so that all together stay within the limit. */
export interface ConnectionsEach {
  readonly limit: Input;
  readonly instances: Input;
  /** Rounded up, as pools are often configured. */
  readonly roundedUp: number;
  /** Rounded down: all instances together never ask for more than there are. */
  readonly safe: number;
  readonly arithmetic: string;
}

/** The limit shared among the instances at their most (stolen-tee, lines 523-532, which rounds up). */
export function connectionsEach(limit: Input, instances: Input): ConnectionsEach {
  const count = atMost(instances);
  // The lower end of a limit is all one can count on.
  const each = limit.min / count;
  const [roundedUp, safe] = [Math.ceil(each), Math.floor(each)];
  const shown = Number.isInteger(each) ? String(each) : `${Number(each.toPrecision(3))}, ${roundedUp} rounded up, ${safe} rounded down`;
  return { limit, instances, roundedUp, safe, arithmetic: `${times(limit.min, 'connection')} ÷ ${times(count, 'instance')} = ${shown}` };
}

/** `1 instance`, `5 instances`. */
export function times(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
