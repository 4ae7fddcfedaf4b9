import { basename, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { engineNamed } from '../engines/registry.ts';
import type { Engine } from '../engines/engine.ts';
import { ScaleplanError } from '../errors.ts';
import { replayTraffic } from '../load/replay.ts';
import { shapeLoad } from '../load/shape.ts';
import type { ShapedLoad } from '../load/shape-request.ts';
import type { Phase, Plan, PlanStep } from '../model/plan.ts';
import type { Scenario } from '../model/scenario.ts';
import { conditionsFor } from '../plan/resolve.ts';
import { endpointsOf } from '../scenario/endpoints.ts';
import { fingerprint } from '../scenario/fingerprint.ts';
import { loadScenario } from '../scenario/load.ts';
import { refuseUnsupported } from '../scenario/refuse-unsupported.ts';
import { didYouMean } from '../model/nearest.ts';
import type { Settings } from './settings.ts';

/** One step as it will run: everything but the target is known before anything starts. */
export interface PlannedStep {
  readonly suite: PlanStep['suite'];
  readonly engine: Engine;
  readonly scenario: Scenario;
  readonly scenarioHash: string;
  readonly endpoint: { readonly journey: string; readonly step: string } | null;
  readonly load: ShapedLoad;
}

/** A closed step's own least duration: under it even a fast endpoint decides nothing, and the user has asked for that. */
const LEAST_UNIT_SECONDS = 11;

/** The steps of a phase's suites, each endpoint of the unit suite a step of its own. Throws for whatever cannot run, before any load. */
export async function planSteps(plan: Plan, phase: Phase, settings: Settings, cwd: string): Promise<PlannedStep[]> {
  const chosen = phase.steps.filter((step) => settings.suites.includes(step.suite) && belongsTo(step, settings.profile, phase.steps));
  const missing = settings.suites.find((suite) => !chosen.some((step) => step.suite === suite));
  if (missing) throw new ScaleplanError('wrong-usage', `Phase ${phase.id} of ${plan.id} has no ${missing} suite.`, { hint: `It has: ${[...new Set(phase.steps.map(({ suite }) => suite))].join(', ')}.` });
  const steps = settings.scenarios ? pickScenarios(chosen, settings.scenarios, cwd) : chosen;
  const planned: PlannedStep[] = [];
  for (const step of steps) planned.push(...(await planStep(plan, phase, step, settings)));
  return planned;
}

/** How the load was come by: as the phase's sum, or another that was asked for, by a flag, a bottleneck or the scenario's own file. */
export function sayLoad(phase: Phase, steps: readonly PlannedStep[]): string {
  const asked = steps.find(({ suite }) => suite === 'load')?.load.ratePerSec ?? null;
  const { requestsPerSecond, derivation } = phase.load;
  if (asked === null || Math.abs(asked - requestsPerSecond) <= requestsPerSecond / 1000) return derivation;
  return `${Number(asked.toPrecision(3)).toLocaleString('en-US')} requests/s, as asked; the phase’s own: ${derivation}`;
}

/** A step made for a profile runs in it alone, and takes the place of the suite's other steps there. */
function belongsTo(step: PlanStep, profile: string, steps: readonly PlanStep[]): boolean {
  if (step.profile !== undefined) return step.profile === profile;
  return !steps.some((other) => other.suite === step.suite && other.profile === profile);
}

async function planStep(plan: Plan, phase: Phase, step: PlanStep, settings: Settings): Promise<PlannedStep[]> {
  const scenario = await loadScenario(step.scenario);
  const engine = await engineFor(step, scenario, settings.engine);
  refuseUnsupported(scenario, engine.name);
  const rate = settings.ratePerSec ?? (settings.users === null ? phase.load.requestsPerSecond : (settings.users * plan.load.requestsPerUserPerMinute.max) / 60);
  const isUnit = step.suite === 'unit';
  const spec = (isUnit ? null : settings.shape) ?? step.load.shape ?? null;
  const duration = settings.durationSeconds;
  const load = shapeLoad({
    plan, phase, step, scenario, profile: settings.profile, spec, traffic: spec?.kind === 'replay' ? replayTraffic(spec.file, await readTraffic(spec.file)) : null,
    conditions: conditionsFor(plan, phase, step.suite, rate),
    flags: {
      // Users and rate are the phase's, not the connections of an endpoint measured alone.
      durationSeconds: isUnit && duration !== null && duration >= LEAST_UNIT_SECONDS ? null : duration,
      users: isUnit ? null : settings.users,
      ratePerSec: isUnit ? null : settings.ratePerSec,
    },
  });
  const base = { suite: step.suite, engine, scenario, load };
  if (!isUnit) return [{ ...base, endpoint: null, scenarioHash: await fingerprint(scenario, null) }];
  return Promise.all(endpointsOf(scenario).map(async ({ journey, step: name }) => ({ ...base, endpoint: { journey, step: name }, scenarioHash: await fingerprint(scenario, { journey }) })));
}

async function readTraffic(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new ScaleplanError('wrong-scenario', `The traffic to replay cannot be read: ${file}`, { hint: 'Name a CSV with a time and a rate in each row.', cause: error });
  });
}

/** `--engine` where it can make this step's load; else the plan's own. A script that only one engine reads decides for itself. */
async function engineFor(step: PlanStep, scenario: Scenario, wanted: string | null): Promise<Engine> {
  if (wanted !== null) {
    const engine = await engineNamed(wanted);
    if (engine.models.includes(step.model)) return engine;
  }
  return engineNamed(scenario.native?.engine ?? step.engine);
}

/** `--scenario`: a file takes the place of the plan's in every chosen suite; a name picks among the plan's files. */
function pickScenarios(steps: readonly PlanStep[], names: readonly string[], cwd: string): PlanStep[] {
  return names.flatMap((name) => {
    const named = steps.filter((step) => nameOf(step.scenario) === name);
    if (named.length > 0) return named;
    const file = resolve(cwd, name);
    if (existsSync(file)) return uniqueSuites(steps).map((step) => ({ ...step, scenario: file }));
    const known = [...new Set(steps.map((step) => nameOf(step.scenario)))];
    throw new ScaleplanError('unknown-name', `There is no scenario "${name}" in these suites, nor a file of that name${didYouMean(name, known)}`, { hint: `There are: ${known.join(', ')}.` });
  });
}

function uniqueSuites(steps: readonly PlanStep[]): readonly PlanStep[] {
  return steps.filter((step, index) => steps.findIndex((other) => other.suite === step.suite) === index);
}

function nameOf(file: string): string {
  return basename(file).replace(/\.[^.]+$/, '');
}
