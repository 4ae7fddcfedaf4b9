/** A program of its own that runs one step against a server of its own, within whatever limits it was started, and prints what speaks against its generator. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, exit, stdout } from 'node:process';
import { engineNamed } from '../../src/engines/registry.ts';
import type { EngineLoad } from '../../src/engines/engine.ts';
import { executeSteps } from '../../src/run/execute.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { load } from '../engines/autocannon/measure.ts';
import { startBehavingServer, type Behaviour } from '../engines/behaving-server.ts';

/** What the program is asked for, as JSON in its first argument. */
export interface StepAsked {
  readonly engine: string;
  /** Where the load goes, or how a server of the program's own behaves, within the same limits. */
  readonly target: string | Behaviour;
  /** An Artillery script; one GET where it is left out. */
  readonly script?: string;
  readonly load: Partial<EngineLoad>;
}

/** What it prints. */
export interface StepTold {
  readonly reasons: readonly string[];
  readonly outcome: string;
  readonly errors: Readonly<Record<string, number>>;
}

const SCRIPT = 'config: {target: "http://127.0.0.1"}\nscenarios: [{name: one, flow: [{get: {url: /}}]}]\n';

if (import.meta.main) {
  const asked = JSON.parse(argv[2] ?? '') as StepAsked; // written by `tellStep`
  stdout.write(`${JSON.stringify(await tell(asked))}\n`);
  // A server whose sockets ran out may not end by itself.
  exit(0);
}

async function tell({ engine: name, target, script = SCRIPT, load: asked }: StepAsked): Promise<StepTold> {
  await using server = typeof target === 'string' ? null : await startBehavingServer(target);
  const url = typeof target === 'string' ? target : (server?.url ?? '');
  const engine = await engineNamed(name);
  const check = await engine.check();
  if (!check.usable) return { reasons: [], outcome: `not usable: ${check.reason}`, errors: {} };
  const workDir = await mkdtemp(join(tmpdir(), 'step-'));
  try {
    const file = join(workDir, 'script.yml');
    await writeFile(file, script);
    const scenario = await loadScenario(file);
    const hooks = { onStep: () => {}, onInterval: () => {}, isDecided: () => true };
    const [step] = await executeSteps([{ suite: 'load', engine, engineVersion: check.version, requestsPerArrival: 1, load: load(url, { ...asked, scenario, workDir }) }], hooks, new AbortController().signal);
    const errors: Record<string, number> = {};
    for (const { rows } of step?.intervals ?? []) {
      for (const row of rows) for (const [kind, count] of Object.entries(row.errors)) errors[kind] = (errors[kind] ?? 0) + count;
    }
    return { reasons: step?.generatorReasons ?? [], outcome: JSON.stringify(step?.outcome), errors };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}
