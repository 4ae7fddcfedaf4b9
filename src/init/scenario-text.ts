import { stringify } from 'yaml';
import type { Sketch, SketchRequest } from './sketch.ts';

/** An Artillery script: what bare `artillery run` takes, too. */
export function scenarioText({ from, journeys, variables, notes }: Sketch, target: string): string {
  const script = {
    config: { target, http: { timeout: 10 }, ...(Object.keys(variables).length === 0 ? {} : { variables }) },
    scenarios: journeys.map(({ name, requests }) => ({ name, weight: 1, flow: requests.flatMap(stepsOf) })),
  };
  const head = [
    'What users do: an Artillery script (https://www.artillery.io). How many come, and what must hold, stands in the plan.',
    `Made from ${from}.`, ...notes,
    'A scenario’s name is its journey, a request’s name its step; conditions may ask for either: http.p95{journey=…} < 500 ms.',
  ];
  return `${head.map((line) => `# ${line.replaceAll(/\s+/g, ' ')}\n`).join('')}${stringify(script, { lineWidth: 0 }).trimEnd()}\n`;
}

function stepsOf({ name, method, url, qs, headers, body, thinkSeconds }: SketchRequest): object[] {
  const request = {
    name, url,
    ...(Object.keys(qs).length === 0 ? {} : { qs }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(body === null ? {} : { [body.kind]: body.value }),
  };
  // Artillery reads a bare number as whole seconds.
  return [...(thinkSeconds > 0 ? [{ think: `${Math.round(thinkSeconds * 1000)}ms` }] : []), { [method]: request }];
}
