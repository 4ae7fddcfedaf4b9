import { BOTTLENECK_TITLES, type BottleneckId } from '../model/bottleneck.ts';
import type { Estimate } from '../model/estimate.ts';
import type { WhatIfLimit } from '../model/forecast.ts';
import { isAbout, type Changes } from './read-changes.ts';

/** Where a search found the system to break, and of what; null where that was not diagnosed. Users of the plan. */
export interface MeasuredEdge {
  readonly bottleneck: BottleneckId | null;
  readonly users: Estimate;
}

interface Held {
  readonly rows: readonly WhatIfLimit[];
  readonly unknown: readonly string[];
  /** Whether what becomes of the edge can be said. */
  readonly isKnown: boolean;
}

/** What was measured takes the place of what the model says of the same thing; a change moves it in the proportion of the model. */
export function heldAgainst(edge: MeasuredEdge | null, rows: readonly WhatIfLimit[], changes: Changes): Held {
  if (edge === null) return { rows, unknown: [], isKnown: true };
  const { bottleneck, users } = edge;
  const at = `${users.mid.toLocaleString('en-US')} users`;
  if (bottleneck === null) return { rows, unknown: [`the edge at about ${at}: what broke there was not found, so that nobody can say whether a change moves it`], isKnown: false };
  const isChanged = isAbout(changes, bottleneck);
  const own = rows.find((row) => row.bottleneck === bottleneck);
  if (!isChanged) {
    const measured: WhatIfLimit = { bottleneck, name: own?.name ?? BOTTLENECK_TITLES[bottleneck], now: users, after: users, changed: false, note: 'measured, not changed' };
    return { rows: own === undefined ? [measured, ...rows] : rows.map((row) => (row === own ? measured : row)), unknown: [], isKnown: true };
  }
  const model = own?.now ?? null;
  if (own === undefined || model === null || model.mid <= 0) return { rows: rows.filter((row) => row !== own), unknown: [`${BOTTLENECK_TITLES[bottleneck]}, measured to break at about ${at}: what the changes make of it, the run does not show`], isKnown: false };
  const after = inProportion(users, model, own.after);
  return { rows: rows.map((row) => (row === own ? { ...row, now: users, after, note: 'measured now, then as the model says' } : row)), unknown: [], isKnown: true };
}

/** The measured figure, as many times as large as the model's becomes; as wide as both together, which are off independently of each other. */
function inProportion(measured: Estimate, now: Estimate, after: Estimate): Estimate {
  const mid = (measured.mid * after.mid) / now.mid;
  const reach = (of: (one: Estimate) => number): number => Math.exp(Math.hypot(of(measured), of(after)));
  const log = (ratio: number): number => Math.log(Math.max(1, Number.isFinite(ratio) ? ratio : 1));
  return { low: Math.floor(mid / reach((one) => log(one.mid / one.low))), mid: Math.round(mid), high: Math.ceil(mid * reach((one) => log(one.high / one.mid))) };
}
