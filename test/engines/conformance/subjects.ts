import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAutocannon } from '../../../src/engines/autocannon/driver.ts';
import { artillery } from '../../../src/engines/artillery/driver.ts';
import { k6 } from '../../../src/engines/k6/driver.ts';
import type { Engine } from '../../../src/engines/engine.ts';
import type { Interval } from '../../../src/model/interval.ts';
import type { LoadShape } from '../../../src/model/load.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { constant } from '../artillery/run-script.ts';
import { stage, summarize, type Measured } from '../autocannon/measure.ts';
import { startRecordingServer, type Recorded } from './recording-server.ts';

export interface Subject {
  readonly name: string;
  readonly engine: Engine;
  readonly model: LoadShape['model'];
}

/** Bare artillery is what the others are compared with; our plugin within it only looks on. */
export const REFERENCE: Subject = { name: 'artillery', engine: artillery, model: 'open' };
export const AUTOCANNON: Subject = { name: 'autocannon', engine: createAutocannon({ workers: 2 }), model: 'closed' };
export const K6: readonly Subject[] = [
  { name: 'k6, open', engine: k6, model: 'open' },
  { name: 'k6, closed', engine: k6, model: 'closed' },
];

/** In the closed model; two for each of autocannon's workers. */
export const USERS = 4;

export interface Played {
  readonly subject: Subject;
  readonly target: string;
  readonly measured: Measured;
  readonly record: readonly Recorded[];
  /** What the engine wrote into the logs of the step. */
  readonly log: string;
}

export interface Files {
  readonly script: string;
  readonly others?: Readonly<Record<string, string>>;
}

/** Plays a scenario file on one engine, against a server of its own. */
export async function play(subject: Subject, { script, others = {} }: Files, { ratePerSec, seconds }: { readonly ratePerSec: number; readonly seconds: number }): Promise<Played> {
  await using server = await startRecordingServer();
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  try {
    const file = join(folder, 'journeys.yaml');
    await writeFile(file, script);
    for (const [name, text] of Object.entries(others)) await writeFile(join(folder, name), text);
    const shape: LoadShape = subject.model === 'open'
      ? { model: 'open', stages: [constant(ratePerSec, seconds)] }
      : { model: 'closed', stages: [stage(USERS, seconds)] };
    const load = { target: server.url, scenario: await loadScenario(file), shape, timeoutMs: 5000, endpoint: null, headers: { 'X-Ours': 'of the configuration' }, workDir: folder };
    const intervals: Interval[] = [];
    for await (const interval of subject.engine.run(load, new AbortController().signal)) intervals.push(interval);
    const logs = (await readdir(folder)).filter((name) => name.endsWith('.log')).map((name) => readFile(join(folder, name), 'utf8'));
    return { subject, target: server.url, measured: summarize(intervals), record: [...server.record], log: (await Promise.all(logs)).join('\n') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
