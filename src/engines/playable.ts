import { ScaleplanError } from '../errors.ts';
import type { FlowStep, Journey, RequestStep, ScenarioPlace } from '../model/scenario.ts';
import { requestsOf } from '../scenario/steps.ts';
import { templateFault, textsIn, variablesUsed } from '../scenario/variables.ts';
import { compileCapture } from './captures.ts';
import type { EngineLoad } from './engine.ts';

/** What engines that play a scenario by themselves, not by artillery, have to know of it. */
export interface Playable {
  /** Those that send something; of an endpoint, its journey alone. Never empty. */
  readonly journeys: readonly Journey[];
  /** Names of the variables that templates use. */
  readonly uses: ReadonlySet<string>;
}

/** Variables that every virtual user has. */
const GIVEN = ['target', '$uuid'];

/** Throws `wrong-scenario` with the place of what cannot be read or is not there. */
export function checkScenario({ scenario, target, endpoint, headers }: Pick<EngineLoad, 'scenario' | 'target' | 'endpoint' | 'headers'>): Playable {
  const known = new Set([...GIVEN, ...Object.keys(scenario.variables), ...scenario.payloads.flatMap(({ fields }) => fields)]);
  checkFlow(scenario.before, known, target);
  const journeys = scenario.journeys.filter(({ name }) => endpoint === null || name === endpoint.journey).filter(({ flow }) => requestsOf(flow).length > 0);
  for (const { flow } of journeys) checkFlow(flow, new Set(known), target);
  if (journeys.length === 0) {
    const what = endpoint === null ? 'no journey sends a request' : `there is no journey "${endpoint.journey}" with a request`;
    throw faultAt({ file: scenario.file, line: 1, column: 1 }, what, 'Give a scenario a flow with at least one request.');
  }
  const templates = [scenario.before, ...journeys.map(({ flow }) => flow)].flatMap((flow) => requestsOf(flow).map(({ step }) => templatesOf(step)));
  return { journeys, uses: variablesUsed([headers, scenario.defaultHeaders, ...templates]) };
}

/** One step measured alone; what comes before it is its set-up. */
export interface EndpointPlan {
  readonly setUp: readonly RequestStep[];
  readonly step: RequestStep;
  /** How often the step is sent after one set-up; null: until it goes wrong. */
  readonly repeats: number | null;
  /** New variables each time, because nothing of the set-up but its cookies is needed. */
  readonly refreshesVariables: boolean;
}

/** A captured id serves this many reads, so that set-up is a twentieth of the requests and the ids still vary. */
const READS_PER_SET_UP = 20;

/**
 * A request that changes something may use up what was captured for it (a draft is published once): it gets a set-up of its own each
 * time. A read takes the same value for a while; a step that needs none only keeps the session's cookies.
 */
export function planEndpoint(journey: Journey, name: string): EndpointPlan {
  const steps = requestsOf(journey.flow).map(({ step }) => step);
  const at = steps.findIndex((step) => step.name === name);
  const step = steps[at];
  if (step === undefined) throw faultAt(journey.place, `journey "${journey.name}" has no request named "${name}"`, 'Name one of its requests.');
  const setUp = steps.slice(0, at);
  const captured = new Set(setUp.flatMap(({ captures }) => captures.map(({ as }) => as)));
  const needsCaptured = [...variablesUsed(templatesOf(step))].some((variable) => captured.has(variable));
  return { setUp, step, refreshesVariables: !needsCaptured, repeats: !needsCaptured ? null : step.method === 'GET' ? READS_PER_SET_UP : 1 };
}

/** A `wrong-scenario` at its place. */
export function faultAt(place: ScenarioPlace, message: string, hint: string): ScaleplanError {
  return new ScaleplanError('wrong-scenario', `${place.file}:${place.line}:${place.column}  ${message}`, { hint, place });
}

/** In order; captures of a step are there for the steps behind it, so `known` grows. */
function checkFlow(flow: readonly FlowStep[], known: Set<string>, target: string): void {
  for (const { step } of requestsOf(flow)) {
    checkTemplates(step);
    checkTarget(step, target);
    for (const name of variablesUsed(templatesOf(step))) {
      if (known.has(name)) continue;
      throw faultAt(step.place, `the variable "${name}" is not set: no payload, no variable and no capture before this request gives it`, `There are: ${[...known].join(', ')}.`);
    }
    for (const capture of step.captures) {
      checkCapture(step, capture);
      known.add(capture.as);
    }
  }
}

function checkCapture({ place }: RequestStep, capture: RequestStep['captures'][number]): void {
  if (!/^[\w$-]+$/.test(capture.as)) {
    throw faultAt(place, `capture as "${capture.as}": artillery makes an object of such a name, this engine a variable`, 'Use letters, digits, "_" and "-", or run the scenario on artillery.');
  }
  try {
    compileCapture(capture);
  } catch (cause) {
    throw faultAt(place, cause instanceof Error ? cause.message : String(cause), 'Write the capture in a form that this engine reads, or use artillery.');
  }
}

function checkTemplates(step: RequestStep): void {
  for (const text of textsIn(templatesOf(step))) {
    const fault = templateFault(text);
    if (fault !== null) throw faultAt(step.place, fault, 'Use what this engine knows, or run the scenario on artillery.');
  }
}

function checkTarget(step: RequestStep, target: string): void {
  const origin = /^https?:\/\/[^/?#{]+/i.exec(step.url)?.[0];
  if (origin === undefined || origin.toLowerCase() === new URL(target).origin) return;
  throw faultAt(step.place, `the request goes to ${origin}, but load is put on ${target} alone`, 'Write the URL without a host.');
}

function templatesOf(step: RequestStep): unknown[] {
  return [step.url, step.qs, step.headers, step.cookie, step.body?.value ?? null];
}
