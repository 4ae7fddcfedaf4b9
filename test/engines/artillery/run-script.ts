import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artillery } from '../../../src/engines/artillery/driver.ts';
import type { Engine, EngineLoad } from '../../../src/engines/engine.ts';
import type { Interval } from '../../../src/model/interval.ts';
import type { OpenStage } from '../../../src/model/load.ts';
import type { Scenario } from '../../../src/model/scenario.ts';
import { summarize } from '../autocannon/measure.ts';
import type { Measured } from '../autocannon/measure.ts';

export interface RunOptions {
  readonly target: string;
  readonly stages?: readonly OpenStage[];
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onInterval?: (interval: Interval) => void;
  /** Further files, by name, beside the script. */
  readonly files?: Readonly<Record<string, string>>;
  readonly fileName?: string;
  readonly engine?: Engine;
}

export function constant(rate: number, durationSeconds: number): OpenStage {
  return { name: 'sustain', judged: true, durationSeconds, arrivalsPerSec: { from: rate, to: rate } };
}

/** A script of one journey `visit` with these steps of its flow, as YAML. */
export function script(flow: string, more = ''): string {
  return `config:\n  target: http://127.0.0.1:9\n${more}scenarios:\n  - name: visit\n    flow:\n${flow}\n`;
}

/** Runs the script under the engine and adds everything up. */
export async function runScript(text: string, options: RunOptions): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'artillery-test-'));
  const intervals: Interval[] = [];
  try {
    const file = join(folder, options.fileName ?? 'journeys.yaml');
    await writeFile(file, text);
    for (const [name, content] of Object.entries(options.files ?? {})) await writeFile(join(folder, name), content);
    for await (const interval of (options.engine ?? artillery).run(loadOf(file, folder, options), options.signal ?? new AbortController().signal)) {
      intervals.push(interval);
      options.onInterval?.(interval);
    }
    return summarize(intervals);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function loadOf(file: string, workDir: string, { target, stages = [constant(20, 2)], timeoutMs = 5000, headers = {} }: RunOptions): EngineLoad {
  // The engine runs the file itself; nothing else of the scenario is asked for.
  const scenario: Scenario = {
    file, native: null, journeys: [], before: [], variables: {}, payloads: [], defaultHeaders: {}, timeoutMs: null, phases: [],
  };
  return { target, scenario, shape: { model: 'open', stages }, timeoutMs, endpoint: null, headers, workDir };
}
