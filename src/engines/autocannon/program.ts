import { ScaleplanError } from '../../errors.ts';
import type { Expectation, FlowStep, Journey, RequestStep, Scenario } from '../../model/scenario.ts';
import { templateFault, textsIn, variablesUsed, type Chance } from '../../scenario/variables.ts';
import { compileCapture, type Extract } from './captures.ts';
import { compileRequest, type Build, type Destination } from './request-bytes.ts';

/** One request, ready to be sent over and over. */
export interface Step {
  readonly name: string;
  /** Row it is counted in; of a set-up step, the row that is blamed when it fails. -1: none. */
  readonly slot: number;
  readonly isMeasured: boolean;
  readonly build: Build;
  readonly wantsBody: boolean;
  readonly expect: Expectation | null;
  readonly captures: readonly { readonly as: string; readonly extract: Extract }[];
}

/** What one virtual user does in one pass. */
export interface Pass {
  readonly weight: number;
  readonly setUp: readonly Step[];
  readonly steps: readonly Step[];
  /** How often `steps` run after one `setUp`. */
  readonly repeats: number;
  /** New variables for every repeat, because nothing of the set-up but its cookies is needed. */
  readonly refreshesVariables: boolean;
  readonly keepsCookies: boolean;
}

/** A scenario made ready for connections. */
export interface Program {
  readonly slots: readonly { readonly journey: string; readonly step: string }[];
  readonly before: readonly Step[];
  readonly passes: readonly Pass[];
  /** Names of the variables that its templates use. */
  readonly uses: ReadonlySet<string>;
}

export interface ProgramSource extends Destination {
  readonly scenario: Pick<Scenario, 'file' | 'journeys' | 'before' | 'variables' | 'payloads' | 'defaultHeaders'>;
  readonly endpoint: { readonly journey: string; readonly step: string } | null;
}

/** Loops are written out; a journey longer than this is a loop meant to be endless. */
const MAX_STEPS = 10_000;
/** A captured id serves this many reads, so that set-up is a twentieth of the requests and the ids still vary. */
const READS_PER_SET_UP = 20;
/** Variables that every virtual user has. */
const GIVEN = new Set(['target', '$uuid']);

/** Throws `wrong-scenario` with the place of what cannot be read or is not there. */
export function compileProgram(source: ProgramSource, chance: Chance): Program {
  const slots: { journey: string; step: string }[] = [];
  const known = new Set([...GIVEN, ...Object.keys(source.scenario.variables), ...source.scenario.payloads.flatMap(({ fields }) => fields)]);
  const uses = variablesUsed([source.headers, source.scenario.defaultHeaders]);
  const beforeSteps = unroll(source.scenario.before, source.scenario.file);
  const before = beforeSteps.map((step) => compileStep(step, -1, false));
  for (const step of beforeSteps) for (const { as } of step.captures) known.add(as);

  const journeys = source.scenario.journeys
    .filter(({ name }) => source.endpoint === null || name === source.endpoint.journey)
    .map((journey) => ({ journey, steps: unroll(journey.flow, source.scenario.file) }));
  const passes = journeys.filter(({ steps }) => steps.length > 0).map(({ journey, steps }) => {
    const names = new Set(known);
    for (const step of steps) checkVariables(step, names);
    return source.endpoint === null ? wholePass(journey, steps) : endpointPass(journey, steps, source.endpoint.step);
  });
  if (passes.length === 0) {
    const what = source.endpoint === null ? 'no journey sends a request' : `there is no journey "${source.endpoint.journey}" with a request`;
    throw new ScaleplanError('wrong-scenario', `${source.scenario.file}:1:1  ${what}`, { hint: 'Give a scenario a flow with at least one request.', place: { file: source.scenario.file, line: 1, column: 1 } });
  }
  return { slots, before, passes, uses };

  function slotOf(journey: string, step: string): number {
    const at = slots.findIndex((slot) => slot.journey === journey && slot.step === step);
    return at >= 0 ? at : slots.push({ journey, step }) - 1;
  }

  function wholePass(journey: Journey, steps: readonly RequestStep[]): Pass {
    return {
      weight: journey.weight, setUp: [], repeats: 1, refreshesVariables: false, keepsCookies: steps.length > 1,
      steps: steps.map((step) => compileStep(step, slotOf(journey.name, step.name), true)),
    };
  }

  function endpointPass(journey: Journey, steps: readonly RequestStep[], name: string): Pass {
    const at = steps.findIndex((step) => step.name === name);
    const measured = steps[at];
    if (measured === undefined) throw faultAt(journey.place, `journey "${journey.name}" has no request named "${name}"`, 'Name one of its requests.');
    const slot = slotOf(journey.name, name);
    const earlier = steps.slice(0, at);
    const captured = new Set(earlier.flatMap(({ captures }) => captures.map(({ as }) => as)));
    const needsCaptured = [...variablesUsed(templatesOf(measured))].some((variable) => captured.has(variable));
    return {
      weight: 1, keepsCookies: earlier.length > 0, refreshesVariables: !needsCaptured,
      setUp: earlier.map((step) => compileStep(step, slot, false)),
      steps: [compileStep(measured, slot, true)],
      repeats: repeatsOf(measured, earlier.length > 0, needsCaptured),
    };
  }

  function compileStep(step: RequestStep, slot: number, isMeasured: boolean): Step {
    checkTemplates(step);
    checkTarget(step, source.target);
    for (const name of variablesUsed(templatesOf(step))) uses.add(name);
    const captures = step.captures.map((capture) => {
      try {
        return { as: capture.as, extract: compileCapture(capture) };
      } catch (cause) {
        throw faultAt(step.place, cause instanceof Error ? cause.message : String(cause), 'Write the capture in a form that this engine reads, or use artillery.');
      }
    });
    const expectsBody = step.expect !== null && (step.expect.contentType === 'json' || step.expect.hasProperty.length > 0);
    return {
      name: step.name, slot, isMeasured, expect: step.expect, captures,
      wantsBody: expectsBody || step.captures.some(({ kind }) => kind !== 'header'),
      build: compileRequest(step, source, chance),
    };
  }
}

/**
 * A request that changes something may use up what was captured for it (a draft is published once): it gets a set-up of
 * its own each time. A read takes the same value for a while; a step that needs none only keeps the session's cookies.
 */
function repeatsOf(step: RequestStep, hasSetUp: boolean, needsCaptured: boolean): number {
  if (!hasSetUp) return 1;
  if (!needsCaptured) return Infinity;
  return step.method === 'GET' ? READS_PER_SET_UP : 1;
}

/** The requests of a flow in order, loops written out. A closed model has no think time, so that is left out. */
function unroll(flow: readonly FlowStep[], file: string): RequestStep[] {
  const steps: RequestStep[] = [];
  const add = (list: readonly FlowStep[]): void => {
    for (const step of list) {
      if (step.type === 'request') steps.push(step);
      if (step.type === 'loop') for (let round = 0; round < step.count && steps.length <= MAX_STEPS; round += 1) add(step.flow);
      if (steps.length > MAX_STEPS) throw faultAt(step.place, `${file}: a journey has more than ${MAX_STEPS} requests once its loops are written out`, 'Lower the count of the loop.');
    }
  };
  add(flow);
  return steps;
}

function templatesOf(step: RequestStep): unknown[] {
  return [step.url, step.qs, step.headers, step.cookie, step.body?.value ?? null];
}

function checkTemplates(step: RequestStep): void {
  for (const text of textsIn(templatesOf(step))) {
    const fault = templateFault(text);
    if (fault !== null) throw faultAt(step.place, fault, 'Use what this engine knows, or run the scenario on artillery.');
  }
}

/** Captures of a step are there for the steps after it. */
function checkVariables(step: RequestStep, known: Set<string>): void {
  for (const name of variablesUsed(templatesOf(step))) {
    if (known.has(name)) continue;
    throw faultAt(step.place, `the variable "${name}" is not set: no payload, no variable and no capture before this request gives it`, `There are: ${[...known].join(', ')}.`);
  }
  for (const { as } of step.captures) known.add(as.split(/[.[]/, 1)[0] ?? as);
}

function checkTarget(step: RequestStep, target: string): void {
  const origin = /^https?:\/\/[^/?#{]+/i.exec(step.url)?.[0];
  if (origin === undefined || origin.toLowerCase() === new URL(target).origin) return;
  throw faultAt(step.place, `the request goes to ${origin}, but load is put on ${target} alone`, 'Write the URL without a host.');
}

function faultAt(place: RequestStep['place'], message: string, hint: string): ScaleplanError {
  return new ScaleplanError('wrong-scenario', `${place.file}:${place.line}:${place.column}  ${message}`, { hint, place });
}
