import { artillery } from '../src/engines/artillery/driver.ts';
import { autocannon, createAutocannon } from '../src/engines/autocannon/driver.ts';
import type { Engine } from '../src/engines/engine.ts';
import { k6 } from '../src/engines/k6/driver.ts';
import type { LoadShape } from '../src/model/load.ts';
import { fileURLToPath } from 'node:url';

export interface Subject {
  readonly name: string;
  readonly engine: Engine;
  readonly model: LoadShape['model'];
  /** The bound for p50, p95 and p99: the larger of the two. */
  readonly allowedShare: number;
  readonly allowedMs: number;
  /** No engine: the least that a client can be, for a bound of what can be reached. */
  readonly isFloor?: true;
}

const PRECISE = { allowedShare: 0.005, allowedMs: 0.5 };

export const SUBJECTS: readonly Subject[] = [
  { name: 'autocannon', engine: autocannon, model: 'closed', ...PRECISE },
  { name: 'k6, open', engine: k6, model: 'open', ...PRECISE },
  { name: 'k6, closed', engine: k6, model: 'closed', ...PRECISE },
  { name: 'artillery', engine: artillery, model: 'open', allowedShare: 0.01, allowedMs: 2 },
  {
    name: 'a bare socket', engine: createAutocannon({ workers: 1, workerFile: fileURLToPath(new URL('bare-socket.ts', import.meta.url)) }),
    model: 'closed', isFloor: true, ...PRECISE,
  },
];
