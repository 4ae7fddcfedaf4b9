import { ScaleplanError } from '../../errors.ts';
import type { FlowStep, Journey, RequestStep, ScenarioPlace } from '../../model/scenario.ts';
import { requestsOf } from '../../scenario/steps.ts';
import { templateFault, textsIn, variablesUsed } from '../../scenario/variables.ts';
import type { EngineLoad } from '../engine.ts';
import { compileCapture } from './script/captures.ts';
import type { ScriptEndpoint, ScriptProgram, ScriptRequest, ScriptStep } from './script/program.ts';

export interface Slot {
  readonly journey: string;
  readonly step: string;
}

/** A scenario made ready for the generated script. */
export interface Compiled {
  readonly slots: readonly Slot[];
  readonly program: ScriptProgram;
}

/** Variables that every virtual user has. */
const GIVEN = ['target', '$uuid'];
/** A captured id serves this many reads, as with the other engine that measures endpoints alone. */
const READS_PER_SET_UP = 20;

/** The environment variable that carries the value of a header: values may be secrets, and the script is kept. */
export function headerVariable(index: number): string {
  return `SCALEPLAN_HEADER_${index}`;
}

/** Throws `wrong-scenario` with the place of what cannot be read or is not there. */
export function compileScenario({ scenario, target, timeoutMs, endpoint, headers }: EngineLoad): Compiled {
  const slots: Slot[] = [];
  const known = new Set([...GIVEN, ...Object.keys(scenario.variables), ...scenario.payloads.flatMap(({ fields }) => fields)]);
  checkFlow(scenario.before, known, target);
  const journeys = scenario.journeys.filter(({ name }) => endpoint === null || name === endpoint.journey).filter(({ flow }) => requestsOf(flow).length > 0);
  for (const { flow } of journeys) checkFlow(flow, new Set(known), target);
  const [first] = journeys;
  if (first === undefined) {
    const what = endpoint === null ? 'no journey sends a request' : `there is no journey "${endpoint.journey}" with a request`;
    throw faultAt({ file: scenario.file, line: 1, column: 1 }, what, 'Give a scenario a flow with at least one request.');
  }
  const slotOf = (journey: string, step: string): number => {
    const at = slots.findIndex((slot) => slot.journey === journey && slot.step === step);
    return at >= 0 ? at : slots.push({ journey, step }) - 1;
  };
  return {
    slots,
    program: {
      target, timeoutMs,
      defaultHeaders: scenario.defaultHeaders,
      headers: Object.keys(headers).map((name, index) => ({ name, variable: headerVariable(index) })),
      lists: scenario.variables,
      payloads: scenario.payloads.map(({ fields }) => fields),
      uses: [...variablesUsed([headers, scenario.defaultHeaders, ...[scenario.before, ...journeys.map(({ flow }) => flow)].flatMap((flow) => requestsOf(flow).map(({ step }) => templatesOf(step)))])],
      before: toScript(scenario.before, () => -1),
      endpoint: endpoint === null ? null : endpointOf(first, endpoint.step, slotOf),
      journeys: endpoint !== null ? [] : journeys.map(({ name, weight, flow }) => ({ weight, flow: toScript(flow, (step) => slotOf(name, step)) })),
    },
  };
}

function toScript(flow: readonly FlowStep[], slotOf: (step: string) => number): ScriptStep[] {
  return flow.flatMap((step): ScriptStep[] => {
    switch (step.type) {
      case 'request': return [requestOf(step, slotOf(step.name))];
      case 'think': return [{ type: 'think', seconds: step.seconds }];
      case 'loop': return [{ type: 'loop', count: step.count, flow: toScript(step.flow, slotOf) }];
      case 'log': return [];
    }
  });
}

function requestOf({ place: _, ...step }: RequestStep, slot: number): ScriptRequest {
  return { ...step, slot };
}

/**
 * A request that changes something may use up what was captured for it: it gets a set-up of its own each time. A read takes the same
 * value for a while; a step that needs none only keeps the session's cookies.
 */
function endpointOf(journey: Journey, name: string, slotOf: (journey: string, step: string) => number): ScriptEndpoint {
  const steps = requestsOf(journey.flow).map(({ step }) => step);
  const at = steps.findIndex((step) => step.name === name);
  const measured = steps[at];
  if (measured === undefined) throw faultAt(journey.place, `journey "${journey.name}" has no request named "${name}"`, 'Name one of its requests.');
  const slot = slotOf(journey.name, name);
  const setUp = steps.slice(0, at);
  const captured = new Set(setUp.flatMap(({ captures }) => captures.map(({ as }) => as)));
  const needsCaptured = [...variablesUsed(templatesOf(measured))].some((variable) => captured.has(variable));
  return {
    setUp: setUp.map((step) => requestOf(step, -1)),
    step: requestOf(measured, slot),
    refreshesVariables: !needsCaptured,
    repeats: !needsCaptured ? null : measured.method === 'GET' ? READS_PER_SET_UP : 1,
  };
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
      try {
        compileCapture(capture);
      } catch (cause) {
        throw faultAt(step.place, cause instanceof Error ? cause.message : String(cause), 'Write the capture in a form that this engine reads, or use artillery.');
      }
      known.add(capture.as);
    }
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

function faultAt(place: ScenarioPlace, message: string, hint: string): ScaleplanError {
  return new ScaleplanError('wrong-scenario', `${place.file}:${place.line}:${place.column}  ${message}`, { hint, place });
}
