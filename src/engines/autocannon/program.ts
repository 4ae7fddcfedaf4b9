import type { Expectation, FlowStep, Journey, RequestStep, Scenario } from '../../model/scenario.ts';
import type { Chance } from '../../scenario/variables.ts';
import { wantsBody } from '../answer.ts';
import { compileCapture, type CompiledCapture } from '../captures.ts';
import { checkScenario, faultAt, planEndpoint } from '../playable.ts';
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
  readonly captures: readonly CompiledCapture[];
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
  readonly scenario: Scenario;
  readonly endpoint: { readonly journey: string; readonly step: string } | null;
}

/** Loops are written out; a journey longer than this is a loop meant to be endless. */
const MAX_STEPS = 10_000;
/** Throws `wrong-scenario` with the place of what cannot be read or is not there. */
export function compileProgram(source: ProgramSource, chance: Chance): Program {
  const { journeys, uses } = checkScenario(source);
  const slots: { journey: string; step: string }[] = [];
  const before = unroll(source.scenario.before, source.scenario.file).map((step) => compileStep(step, -1, false));
  const passes = journeys.map((journey) => (source.endpoint === null ? wholePass(journey) : endpointPass(journey, source.endpoint.step)));
  return { slots, before, passes, uses };

  function slotOf(journey: string, step: string): number {
    const at = slots.findIndex((slot) => slot.journey === journey && slot.step === step);
    return at >= 0 ? at : slots.push({ journey, step }) - 1;
  }

  function wholePass(journey: Journey): Pass {
    const steps = unroll(journey.flow, source.scenario.file);
    return {
      weight: journey.weight, setUp: [], repeats: 1, refreshesVariables: false, keepsCookies: steps.length > 1 || steps.some(({ cookie }) => Object.keys(cookie).length > 0),
      steps: steps.map((step) => compileStep(step, slotOf(journey.name, step.name), true)),
    };
  }

  function endpointPass(journey: Journey, name: string): Pass {
    const { setUp, step, repeats, refreshesVariables } = planEndpoint(journey, name);
    const slot = slotOf(journey.name, name);
    return {
      weight: 1, keepsCookies: setUp.length > 0 || Object.keys(step.cookie).length > 0, refreshesVariables,
      setUp: setUp.map((one) => compileStep(one, slot, false)),
      steps: [compileStep(step, slot, true)],
      // Without a set-up each request begins anew.
      repeats: setUp.length === 0 ? 1 : (repeats ?? Infinity),
    };
  }

  function compileStep(step: RequestStep, slot: number, isMeasured: boolean): Step {
    return {
      name: step.name, slot, isMeasured, expect: step.expect,
      captures: step.captures.map(compileCapture),
      wantsBody: wantsBody(step.expect, step.captures),
      build: compileRequest(step, source, chance),
    };
  }
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
