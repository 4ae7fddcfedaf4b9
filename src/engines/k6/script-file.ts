import { pathToFileURL } from 'node:url';
import type { EngineLoad } from '../engine.ts';
import type { Compiled } from './compile.ts';
import { k6Options } from './options.ts';

/** The script that runs a scenario file: its load and its flow as data, and the code that plays them from our package. */
export function scenarioScript(load: EngineLoad, { program }: Compiled): string {
  const here = import.meta.url;
  const runner = new URL(here.endsWith('.ts') ? './script/runner.ts' : './script/runner.js', here);
  const options = {
    ...k6Options({ ...load, isEndpoint: load.endpoint !== null }),
    // Tags are kept for ever: one for every URL would fill the memory. The extension knows a request without them.
    systemTags: [],
    userAgent: 'scaleplan',
    // As Artillery's HTTP client has it.
    maxRedirects: 10,
    thresholds: {},
  };
  return `// What ${load.scenario.file} does, for k6 with scaleplan's extension; made by scaleplan.
import http from 'k6/http';
import { sleep } from 'k6';
import * as scaleplan from 'k6/x/scaleplan';
import { createRunner } from ${JSON.stringify(runner.href)};

export const options = ${JSON.stringify(options, null, 2)};

const program = ${JSON.stringify(program, null, 2)};

// Copied: k6 makes a module's functions anew whenever one is looked up.
const runner = createRunner(program, { http, sleep, note: (text) => console.warn(text), scaleplan: { ...scaleplan }, env: __ENV });

export function setup() {
  return runner.setUp();
}

export default function (shared) {
  runner.round(shared);
}
`;
}

/**
 * The script that runs a k6 script of the user's: its own functions, options, thresholds and checks, with our load in place of its own.
 * The functions of its scenarios take turns; where it has none, it is its default function.
 */
export function nativeScript(load: EngineLoad): string {
  const { scenarios, setupTimeout: _, ...rest } = k6Options({ ...load, isEndpoint: false });
  // What follows from the model of the load, unless the script says otherwise.
  const defaults = { noVUConnectionReuse: rest['noVUConnectionReuse'] };
  return `// Runs ${load.scenario.file} with scaleplan's load; made by scaleplan.
import * as user from ${JSON.stringify(pathToFileURL(load.scenario.file).href)};
import { arrive, leave } from 'k6/x/scaleplan';
import exec from 'k6/execution';

const own = user.options || {};
const names = Array.from(new Set(Object.values(own.scenarios || {}).map((scenario) => scenario.exec || 'default')));
const journeys = names.length > 0 ? names : ['default'];
for (const name of journeys) {
  if (typeof user[name] !== 'function') throw new Error('the script exports no function "' + name + '"');
}

const { vus, duration, iterations, stages, ...kept } = own;
export const options = Object.assign(${JSON.stringify(defaults)}, kept, { scenarios: ${JSON.stringify(scenarios, null, 2)} });

export function setup() {
  return user.setup ? user.setup() : undefined;
}

export function teardown(data) {
  if (user.teardown) user.teardown(data);
}

export default function (data) {
  const turn = arrive();
  if (turn < 0) return;
  const journey = journeys[turn % journeys.length];
  exec.vu.metrics.tags.scaleplan_journey = journey;
  let result;
  try {
    result = user[journey](data);
  } catch (error) {
    leave(journey, String(error));
    throw error;
  }
  if (result && typeof result.then === 'function') {
    return result.then(() => leave(journey, ''), (error) => {
      leave(journey, String(error));
      throw error;
    });
  }
  leave(journey, '');
}
`;
}
