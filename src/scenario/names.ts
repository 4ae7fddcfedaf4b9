import type { Scenario } from '../model/scenario.ts';
import { didYouMean } from '../model/nearest.ts';
import type { Cursor } from './cursor.ts';
import { isMap } from './cursor.ts';
import { hasTemplate, templateFault, variablesUsed } from './variables.ts';

/** Variables that every virtual user of artillery has. */
const BUILT_IN = [
  'target', '$environment', '$env', '$processEnvironment', '$testId', '$uuid', '$dirname', '$scenarioFile', '$loopCount', '$loopElement',
];

/** `config` is filled in once, before the run, when there are no variables yet: any other name would be sent as "undefined". */
const BUILT_IN_CONFIG = ['$environment', '$env', '$processEnvironment', '$testId', '$dirname', '$scenarioFile'];

/** Every name that a flow may use before anything was captured. */
export function knownNames(scenario: Scenario, payloadNames: readonly string[]): readonly string[] {
  return [...BUILT_IN, ...Object.keys(scenario.variables), ...scenario.payloads.flatMap((payload) => payload.fields), ...payloadNames];
}

/** Notes every template that cannot be read, and every variable that is nowhere, or not yet, set. */
export function checkVariables(root: Cursor, known: readonly string[]): void {
  for (const defaults of [root.at('config').at('defaults'), root.at('config').at('http').at('defaults')]) {
    checkTexts(defaults.at('headers'), new Set(BUILT_IN_CONFIG), new Map());
  }
  const names = new Set(known);
  // What `before` captures is known to every journey.
  checkFlow(root.at('before').at('flow'), names, capturesIn(root.at('before').at('flow')));
  for (const scenario of root.at('scenarios').oneOrMore()) {
    const engine = scenario.at('engine').value;
    if (engine === undefined || engine === 'http') checkFlow(scenario.at('flow'), new Set(names), capturesIn(scenario.at('flow')));
  }
}

/** Goes through a flow in order; `known` grows with what is captured, `later` says where else a name is captured. */
function checkFlow(flow: Cursor, known: Set<string>, later: ReadonlyMap<string, number>): void {
  for (const step of Array.isArray(flow.value) ? flow.oneOrMore() : []) {
    for (const verb of step.keys()) {
      const inside = step.at(verb);
      if (verb === 'loop' || verb === 'parallel') {
        for (const key of ['loopValue', 'loopElement']) if (step.at(key).exists) known.add(String(step.at(key).value));
        checkFlow(inside, known, later);
      } else if (isMap(inside.value)) checkRequest(inside, known, later);
      else checkTexts(inside, known, later);
    }
  }
}

function checkRequest(request: Cursor, known: Set<string>, later: ReadonlyMap<string, number>): void {
  for (const key of request.keys()) if (key !== 'capture') checkTexts(request.at(key), known, later);
  for (const capture of request.at('capture').oneOrMore()) checkTexts(capture, known, later);
  for (const [name] of captured(request)) known.add(name);
}

function checkTexts(cursor: Cursor, known: ReadonlySet<string>, later: ReadonlyMap<string, number>): void {
  if (typeof cursor.value === 'string') checkText(cursor, cursor.value, known, later);
  else if (Array.isArray(cursor.value)) for (const item of cursor.oneOrMore()) checkTexts(item, known, later);
  else for (const key of cursor.keys()) {
    if (hasTemplate(key)) checkText(cursor.at(key), key, known, later);
    checkTexts(cursor.at(key), known, later);
  }
}

function checkText(cursor: Cursor, text: string, known: ReadonlySet<string>, later: ReadonlyMap<string, number>): void {
  if (!hasTemplate(text)) return;
  const fault = templateFault(text);
  if (fault !== null) return cursor.fault(fault);
  for (const name of variablesUsed(text)) {
    if (known.has(name)) continue;
    const line = later.get(name);
    if (line === undefined) cursor.fault(`{{ ${name} }} is not set by variables, payload or a capture${didYouMean(name, [...known, ...later.keys()])}`);
    else cursor.fault(`{{ ${name} }} is used before it is captured (line ${line})`);
  }
}

/** Names captured anywhere in a flow, with the line. */
function capturesIn(flow: Cursor): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const step of Array.isArray(flow.value) ? flow.oneOrMore() : []) {
    for (const verb of step.keys()) {
      const inside = step.at(verb);
      const nested = Array.isArray(inside.value) ? capturesIn(inside) : captured(inside);
      for (const [name, line] of nested) found.set(name, found.get(name) ?? line);
    }
  }
  return found;
}

function captured(request: Cursor): readonly (readonly [name: string, line: number])[] {
  return request.at('capture').oneOrMore().flatMap((capture) => {
    const as = capture.at('as');
    // `as: user.id` sets a field of `user`.
    return typeof as.value === 'string' ? [[as.value.split(/[.[]/, 1)[0] ?? '', as.place.line] as const] : [];
  });
}
