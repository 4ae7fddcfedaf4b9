import { join } from 'node:path';
import { Chalk } from 'chalk';
import type { Host, Screen } from '../../src/cli/host.ts';
import type { Progress } from '../../src/cli/progress.ts';
import { checkEngines, runSteps } from '../../src/cli/run-steps.ts';
import { settingsFor } from '../../src/cli/settings.ts';
import { planSteps, type PlannedStep } from '../../src/cli/steps.ts';
import { startDemo, type Demo } from '../../src/demo/start.ts';
import type { OpenStage } from '../../src/model/load.ts';
import type { Run } from '../../src/model/run.ts';
import { findPhase } from '../../src/plan/resolve.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { makeTempFolder } from '../../src/process/temp-folder.ts';
import type { Configuration } from './configuration.ts';

const ROOT = join(import.meta.dirname, '../..');
const PLAN = 'ventures';
const PHASE = '2';

/** A reference application set up as a configuration says, and loads put on it as `scaleplan test` does. */
export interface System {
  readonly demo: Demo;
  /** Stages of these lengths at this rate; those that the rate has no length for are left out. */
  play(ratePerSec: number, seconds: Partial<Record<OpenStage['name'], number>>, scenario?: string): Promise<Run>;
  stop(): Promise<void>;
}

export async function startSystem({ changes }: Configuration, engine: string): Promise<System> {
  const folder = await makeTempFolder('forecast');
  const plan = await loadPlan(PLAN, { cwd: ROOT });
  const phase = findPhase(plan, PHASE);
  const demo = await startDemo({ application: plan.application, architecture: phase.architecture, bottleneck: null, changes, folder: folder.path, logFolder: folder.path, report: () => {} });
  const probes = demo.probes.map(({ kind, address }) => `${kind}=${address}`);
  return {
    demo,
    async play(ratePerSec, seconds, scenario) {
      const settings = await settingsFor({
        plan: PLAN, phase: PHASE, suite: ['load'], duration: '30s', rate: String(ratePerSec), target: demo.url, probe: probes, engine, output: folder.path, quiet: true,
        ...(scenario === undefined ? {} : { scenario: [scenario] }),
      }, HOST);
      const steps = (await planSteps(plan, phase, settings, ROOT)).map((step) => shortened(step, seconds));
      const { run } = await runSteps({
        plan, phase, steps, engines: await checkEngines(steps, settings), settings, host: HOST, progress: SILENT,
        openTarget: async () => ({ url: demo.url, demo: null, servers: demo.servers, adjustments: [], probes: settings.probes, failover: null, writes: null, stop: async () => {} }),
      });
      return run;
    },
    async stop() {
      await demo.stop();
      await folder.dispose();
    },
  };
}

function shortened(step: PlannedStep, seconds: Partial<Record<OpenStage['name'], number>>): PlannedStep {
  const { shape } = step.load;
  if (shape.model !== 'open') return step;
  const stages = shape.stages.flatMap((stage): OpenStage[] => {
    const durationSeconds = seconds[stage.name];
    return durationSeconds === undefined ? [] : [{ ...stage, durationSeconds }];
  });
  return { ...step, load: { ...step.load, shape: { model: 'open', stages } } };
}

const SCREEN: Screen = { write: () => {}, isTerminal: false, columns: () => 80, chalk: new Chalk({ level: 0 }) };
const HOST: Host = { argv: [], env: {}, cwd: ROOT, out: SCREEN, err: SCREEN, now: () => Date.now(), onInterrupt: () => () => {} };
const SILENT: Progress = { say: () => {}, tick: () => {}, read: () => {}, end: () => {}, begin: () => {} };
