import { artillery } from '../src/engines/artillery/driver.ts';
import { autocannon } from '../src/engines/autocannon/driver.ts';
import type { Engine } from '../src/engines/engine.ts';
import { k6 } from '../src/engines/k6/driver.ts';
import type { LoadShape } from '../src/model/load.ts';

export interface Subject {
  readonly name: string;
  readonly engine: Engine;
  readonly model: LoadShape['model'];
  /** The bound for p50, p95 and p99: the larger of the two. */
  readonly allowedShare: number;
  readonly allowedMs: number;
}

const PRECISE = { allowedShare: 0.005, allowedMs: 0.5 };

export const SUBJECTS: readonly Subject[] = [
  { name: 'autocannon', engine: autocannon, model: 'closed', ...PRECISE },
  { name: 'k6, open', engine: k6, model: 'open', ...PRECISE },
  { name: 'k6, closed', engine: k6, model: 'closed', ...PRECISE },
  { name: 'artillery', engine: artillery, model: 'open', allowedShare: 0.01, allowedMs: 2 },
];
