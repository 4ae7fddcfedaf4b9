import type { FlowStep, Journey, Scenario } from '../model/scenario.ts';
import { readConfig } from './script-config.ts';
import type { Cursor } from './cursor.ts';
import { readFlow } from './flow.ts';
import { checkVariables, knownNames } from './names.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A whole Artillery script; what is wrong with it or beyond us is noted at `root`. */
export function readScript(root: Cursor, file: string, environment: Environment): Scenario {
  root.sort({ read: ['config', 'before', 'scenarios'], beyond: ['after'], of: 'the script' });
  const config = readConfig(root.at('config'), file, environment);
  const before = readBefore(root.at('before'));
  const journeys = readJourneys(root, config.variables);
  const scenario: Scenario = {
    file,
    native: config.processor === null ? null : { engine: 'artillery', reason: `it has a processor (${config.processor})` },
    journeys,
    before,
    variables: config.variables,
    payloads: config.payloads,
    defaultHeaders: config.defaultHeaders,
    timeoutMs: config.timeoutMs,
    unsupported: root.notes.unsupported,
    phases: config.phases,
  };
  // A processor may set any variable, so that nothing can be said about those that are missing.
  if (scenario.native === null) checkVariables(root, knownNames(scenario, config.payloadNames));
  return scenario;
}

function readBefore(before: Cursor): readonly FlowStep[] {
  before.sort({ read: ['flow', 'name'], beyond: ['engine', 'beforeRequest', 'afterResponse'], of: 'before' });
  return readFlow(before.at('flow'), 'before');
}

function readJourneys(root: Cursor, variables: Scenario['variables']): readonly Journey[] {
  const list = root.at('scenarios');
  const items = list.items('scenarios');
  if (items.length === 0 && (!list.exists || Array.isArray(list.value))) list.fault('a script needs `scenarios`, a list with at least one flow');
  const journeys = items.map((item, index) => readJourney(item, index, variables));
  if (journeys.length > 0 && journeys.every((journey) => journey.weight === 0)) list.fault('every scenario has the weight 0; at least one must be above');
  return journeys;
}

const JOURNEY_KEYS = {
  read: ['name', 'weight', 'flow'],
  beyond: ['engine', 'beforeScenario', 'afterScenario', 'beforeRequest', 'afterResponse', 'onError', 'testFunction', 'flowFunction'],
};

function readJourney(item: Cursor, index: number, variables: Scenario['variables']): Journey {
  const name = item.at('name').text('name') ?? `scenario ${index + 1}`;
  const of = `scenario "${name}"`;
  const engine = item.at('engine').value;
  item.sort(engine === 'http' ? { read: [...JOURNEY_KEYS.read, 'engine'], beyond: JOURNEY_KEYS.beyond, of } : { ...JOURNEY_KEYS, of });
  const journey = { name, weight: readWeight(item.at('weight'), variables), place: item.place };
  // A flow of another engine (ws, socketio, playwright) has a language of its own; it was marked as such.
  if (engine !== undefined && engine !== 'http') return { ...journey, flow: [] };
  const written = item.at('flow');
  const flow = readFlow(written, of);
  if (!written.exists || (Array.isArray(written.value) && written.value.length === 0)) item.fault(`${of} has no flow; expected a list of requests`);
  return { ...journey, flow };
}

/** Artillery takes templates of `variables` here and cuts off what stands behind the point: 0.5 would never run. */
function readWeight(weight: Cursor, variables: Scenario['variables']): number {
  if (!weight.exists) return 1;
  const named = typeof weight.value === 'string' ? /^\{\{\s*([\w$-]+)\s*\}\}$/.exec(weight.value)?.[1] : undefined;
  const values = named === undefined ? undefined : variables[named];
  const value = Number(values === undefined ? weight.value : values[0]);
  if (values !== undefined && values.length > 1) weight.fault(`weight: expected one value of "${named}", it has ${values.length}`);
  if (Number.isInteger(value) && value >= 0) return value;
  weight.fault(`weight: expected a whole number, 0 or above, got ${JSON.stringify(weight.value)}`);
  return 0;
}
