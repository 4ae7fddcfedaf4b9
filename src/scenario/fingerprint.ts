import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FlowStep, Scenario } from '../model/scenario.ts';

/** As many hexadecimal digits tell the versions of a scenario apart; more would only be harder to read. */
const DIGITS = 12;

/**
 * What virtual users do, as a short hash: the same for a file that was moved, renamed, reformatted or commented, another as soon as a
 * request, a weight or a row of a payload is another. An endpoint measured alone depends on its own journey. Of what only its own
 * engine reads it is the text of the file; what that loads in turn is not looked at. The load and the target are no part of it.
 */
export async function fingerprint(scenario: Scenario, endpoint: { readonly journey: string } | null): Promise<string> {
  const { native, unsupported = [], before, variables, defaultHeaders, timeoutMs, payloads } = scenario;
  const journeys = scenario.journeys.filter(({ name }) => endpoint === null || name === endpoint.journey);
  const rows = await Promise.all(payloads.map(async ({ file, fields, order, skipHeader, delimiter }) => ({ text: await readFile(file, 'utf8'), fields, order, skipHeader, delimiter })));
  const text = native !== null || unsupported.length > 0 ? await readFile(scenario.file, 'utf8') : null;
  const content = {
    journeys: journeys.map(({ name, weight, flow }) => ({ name, weight: endpoint === null ? weight : 1, flow: flow.map(placeless) })),
    before: before.map(placeless), variables, defaultHeaders, timeoutMs, rows, text,
  };
  return createHash('sha256').update(JSON.stringify(sorted(content))).digest('hex').slice(0, DIGITS);
}

/** Lines and columns move with every comment. */
function placeless({ place: _, ...step }: FlowStep): unknown {
  return 'flow' in step ? { ...step, flow: step.flow.map(placeless) } : step;
}

/** The order in which somebody wrote headers or variables means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]));
}
