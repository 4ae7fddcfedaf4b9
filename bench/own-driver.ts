/**
 * `node --expose-gc own-driver.ts URL SECONDS`: runs a step as `scaleplan test` does, keeping and storing every second, and tells its
 * memory. With `counted` for the URL, of requests that are only counted and not sent.
 */
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { autocannon, createAutocannon } from '../src/engines/autocannon/driver.ts';
import type { Interval } from '../src/model/interval.ts';
import { load, stage } from '../test/engines/autocannon/measure.ts';

const [, , url = '', seconds] = process.argv;
const USERS = 20;
const SETTLING_SECONDS = 10;

const isCounted = url === 'counted';
const engine = isCounted ? createAutocannon({ workers: 1, workerFile: fileURLToPath(new URL('own-worker.ts', import.meta.url)) }) : autocannon;
const workDir = await mkdtemp(join(tmpdir(), 'own-'));
const intervals: Interval[] = [];
let requests = 0;
console.log('begun');
const asked = load(isCounted ? 'http://127.0.0.1:9' : url, { workDir, shape: { model: 'closed', stages: [stage(USERS, Number(seconds))] } });
for await (const interval of engine.run(asked, new AbortController().signal)) {
  intervals.push(interval);
  requests += interval.rows.reduce((sum, row) => sum + row.requests, 0);
  await appendFile(join(workDir, 'intervals.ndjson'), `${JSON.stringify(interval)}\n`);
  if (interval.second === SETTLING_SECONDS) tellMemory();
}
tellMemory();
await rm(workDir, { recursive: true, force: true });

/** What is in use once garbage is collected, in the heap and outside of it. */
function tellMemory(): void {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  console.log(`memory ${heapUsed + external} after ${requests}`);
}
