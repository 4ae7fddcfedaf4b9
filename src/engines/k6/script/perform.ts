import { renderText, type Chance, type Variables } from '../../../scenario/variables.ts';
import { faultOf } from './answer.ts';
import { compileCapture, type Extract } from './captures.ts';
import type { Tools } from './k6.ts';
import type { ScriptProgram, ScriptRequest } from './program.ts';
import { compileRequest } from './request.ts';

/**
 * How a request went on: `over` the load is over, nothing was sent; `lost` no whole answer; `missing` a capture found nothing, so that what
 * follows would run without its value.
 */
export interface Outcome {
  readonly end: 'answered' | 'missing' | 'lost' | 'over';
  /** The kind of error it was counted as; empty for a success. */
  readonly kind: string;
  readonly status: number;
}

/** Sends one request for a virtual user and counts it. */
export type Perform = (variables: Variables) => Outcome;

const OVER: Outcome = { end: 'over', kind: '', status: 0 };
const GOOD: Outcome = { end: 'answered', kind: '', status: 200 };

export function compileStep(step: ScriptRequest, program: ScriptProgram, tools: Tools, chance: Chance): Perform {
  const { http, scaleplan, env } = tools;
  const build = compileRequest(step, program, env, chance);
  const captures = step.captures.map((capture) => ({ as: capture.as, extract: compileCapture(capture) }));
  const cookies = Object.entries(step.cookie);
  // Of most answers only the status counts, and the extension knows it: k6 would have to make it a value of JavaScript.
  const isPlain = step.expect === null && captures.length === 0;
  return (variables) => {
    const { url, body, params } = build(variables);
    if (cookies.length > 0) setCookies(tools, url, cookies, variables, chance);
    if (!scaleplan.send(step.slot)) return OVER;
    const response = http.request(step.method, url, body, params);
    if (isPlain) {
      const kind = scaleplan.done();
      if (kind === '') return GOOD;
      return { end: kind === 'http-4xx' || kind === 'http-5xx' ? 'answered' : 'lost', kind, status: response.status };
    }
    const { status } = response;
    // 'closed' only counts where the extension has seen a whole answer and k6 could not read it.
    if (status === 0) return { end: 'lost', kind: scaleplan.done('closed'), status };
    const isMissing = takeCaptures(captures, response, variables, chance);
    const kind = scaleplan.done(faultOf(response, step.expect) ?? (isMissing ? 'capture' : ''));
    return { end: isMissing ? 'missing' : 'answered', kind, status };
  };
}

function setCookies({ http }: Tools, url: string, cookies: readonly (readonly [string, string])[], variables: Variables, chance: Chance): void {
  const jar = http.cookieJar();
  for (const [name, value] of cookies) jar.set(url, name, renderText(value, variables, chance));
}

/** Sets the captured variables; true when one of them found nothing. */
function takeCaptures(captures: readonly { readonly as: string; readonly extract: Extract }[], response: Parameters<Extract>[0], variables: Variables, chance: Chance): boolean {
  let isMissing = false;
  for (const { as, extract } of captures) {
    const value = extract(response, chance);
    if (value === undefined) isMissing = true;
    else variables[as] = value;
  }
  return isMissing;
}
