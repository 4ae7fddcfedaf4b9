/** `node --expose-gc own-driver.ts URL SECONDS`: runs a step as `scaleplan test` does, keeping and storing every second, and tells its heap. */
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { autocannon } from '../src/engines/autocannon/driver.ts';
import type { Interval } from '../src/model/interval.ts';
import { load, stage } from '../test/engines/autocannon/measure.ts';

const [, , url = '', seconds] = process.argv;
const USERS = 20;
const SETTLING_SECONDS = 10;

const workDir = await mkdtemp(join(tmpdir(), 'own-'));
const intervals: Interval[] = [];
let requests = 0;
console.log('begun');
for await (const interval of autocannon.run(load(url, { workDir, shape: { model: 'closed', stages: [stage(USERS, Number(seconds))] } }), new AbortController().signal)) {
  intervals.push(interval);
  requests += interval.rows.reduce((sum, row) => sum + row.requests, 0);
  await appendFile(join(workDir, 'intervals.ndjson'), `${JSON.stringify(interval)}\n`);
  if (interval.second === SETTLING_SECONDS) tellHeap();
}
tellHeap();
await rm(workDir, { recursive: true, force: true });

function tellHeap(): void {
  globalThis.gc?.();
  console.log(`heap ${process.memoryUsage().heapUsed} after ${requests}`);
}
