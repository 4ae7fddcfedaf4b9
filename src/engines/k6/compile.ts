import type { FlowStep, Journey, RequestStep } from '../../model/scenario.ts';
import { ACCEPT_ENCODING } from '../accept-encoding.ts';
import type { EngineLoad } from '../engine.ts';
import { checkScenario, planEndpoint } from '../playable.ts';
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

/** The environment variable that carries the value of a header: values may be secrets, and the script is kept. */
export function headerVariable(index: number): string {
  return `SCALEPLAN_HEADER_${index}`;
}

/** Throws `wrong-scenario` with the place of what cannot be read or is not there. */
export function compileScenario(load: EngineLoad): Compiled {
  const { scenario, target, timeoutMs, endpoint, headers } = load;
  const { journeys, uses } = checkScenario(load);
  const slots: Slot[] = [];
  const slotOf = (journey: string, step: string): number => {
    const at = slots.findIndex((slot) => slot.journey === journey && slot.step === step);
    return at >= 0 ? at : slots.push({ journey, step }) - 1;
  };
  return {
    slots,
    program: {
      target, timeoutMs, acceptEncoding: ACCEPT_ENCODING,
      defaultHeaders: scenario.defaultHeaders,
      headers: Object.keys(headers).map((name, index) => ({ name, variable: headerVariable(index) })),
      lists: scenario.variables,
      payloads: scenario.payloads.map(({ fields }) => fields),
      uses: [...uses],
      before: toScript(scenario.before, () => -1),
      endpoint: endpoint === null || journeys[0] === undefined ? null : endpointOf(journeys[0], endpoint.step, slotOf),
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

function endpointOf(journey: Journey, name: string, slotOf: (journey: string, step: string) => number): ScriptEndpoint {
  const { setUp, step, ...plan } = planEndpoint(journey, name);
  return { ...plan, setUp: setUp.map((one) => requestOf(one, -1)), step: requestOf(step, slotOf(journey.name, name)) };
}
