import type { Chance, Variables } from '../../../scenario/variables.ts';
import { createEndpointRound } from './endpoint.ts';
import type { Tools } from './k6.ts';
import { compileStep, type Perform } from './perform.ts';
import type { ScriptProgram, ScriptRequest, ScriptStep } from './program.ts';
import { createVariables } from './variables.ts';

/** What the generated script exports to k6. */
export interface Runner {
  /** k6's `setup`: runs `before` once and gives what it captured. Throws when it fails: what it captures would be missing. */
  setUp(): Variables;
  /** One pass of one virtual user, with what `setUp` gave. */
  round(shared: Variables): void;
}

/** k6 loads this once for every virtual user; what is made here is that user's alone. */
export function createRunner(program: ScriptProgram, tools: Tools, chance: Chance = Math.random): Runner {
  const { scaleplan } = tools;
  const variablesOf = createVariables(program, scaleplan, chance);
  const compile = (step: ScriptRequest): Perform => compileStep(step, program, tools, chance);
  const round = program.endpoint === null
    ? createJourneyRound(program, tools, compile)
    : createEndpointRound(program.endpoint, program.target, tools, compile);
  return {
    setUp: () => runBefore(program, tools, compile, variablesOf(0, {})),
    round(shared) {
      const turn = scaleplan.arrive();
      if (turn >= 0) round(turn, variablesOf(turn, shared));
    },
  };
}

type Round = (turn: number, variables: Variables) => void;
type Run = (variables: Variables) => boolean;

function createJourneyRound({ journeys }: ScriptProgram, tools: Tools, compile: (step: ScriptRequest) => Perform): Round {
  const flows = journeys.map(({ weight, flow }) => ({ weight, run: compileFlow(flow, tools, compile) }));
  const pick = createPicker(flows);
  return (turn, variables) => void pick(turn)(variables);
}

/** True when the journey may go on behind it. */
function compileFlow(flow: readonly ScriptStep[], tools: Tools, compile: (step: ScriptRequest) => Perform): Run {
  const steps = flow.map((step): Run => {
    if (step.type === 'think') {
      return () => {
        tools.sleep(step.seconds);
        return true;
      };
    }
    if (step.type === 'loop') {
      const inside = compileFlow(step.flow, tools, compile);
      return (variables) => {
        for (let round = 0; round < step.count; round += 1) if (!inside(variables)) return false;
        return true;
      };
    }
    const perform = compile(step);
    return (variables) => perform(variables).end === 'answered';
  });
  // Not `every`: a function of JavaScript that is called by one of Go's costs k6 more than the rest of the loop.
  return (variables) => {
    for (let at = 0; at < steps.length; at += 1) if (steps[at]?.(variables) === false) return false;
    return true;
  };
}

/** (√5 − 1) / 2: steps of this width fill 0 … 1 evenly at any time (Weyl 1916), so weights hold after few journeys and over all users. */
const GOLDEN = 0.618_033_988_749_894_9;

function createPicker(flows: readonly { readonly weight: number; readonly run: Run }[]): (turn: number) => Run {
  const total = flows.reduce((sum, { weight }) => sum + weight, 0);
  return (turn) => {
    let left = ((turn * GOLDEN) % 1) * total;
    for (const { weight, run } of flows) {
      left -= weight;
      if (left < 0) return run;
    }
    return flows.at(-1)?.run ?? (() => false);
  };
}

function runBefore(program: ScriptProgram, tools: Tools, compile: (step: ScriptRequest) => Perform, variables: Variables): Variables {
  const shared: Variables = {};
  const run = (flow: readonly ScriptStep[]): void => {
    for (const step of flow) {
      if (step.type === 'think') tools.sleep(step.seconds);
      else if (step.type === 'loop') for (let round = 0; round < step.count; round += 1) run(step.flow);
      else {
        const { end, kind, status } = compile(step)(variables);
        if (end === 'over') return;
        if (kind !== '') {
          const how = end === 'lost' ? `got no answer (${kind})` : `was answered with status ${status} (${kind})`;
          tools.scaleplan.fail(`the scenario's "before" failed: "${step.name}" ${how}`);
          throw new Error(`"${step.name}" of before ${how}`);
        }
        for (const { as } of step.captures) shared[as] = variables[as];
      }
    }
  };
  run(program.before);
  return shared;
}
