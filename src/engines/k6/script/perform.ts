import { renderText, type Chance, type Variables } from '../../../scenario/variables.ts';
import { faultOf } from '../../answer.ts';
import { compileCapture, describeMissed, takeCaptures, type Answer } from '../../captures.ts';
import type { Prepared, Response, Tools } from './k6.ts';
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
/** Errors of an answer that was whole. */
const ANSWERED = new Set(['http-4xx', 'http-5xx', 'expect']);

export function compileStep(step: ScriptRequest, program: ScriptProgram, tools: Tools, chance: Chance): Perform {
  const { scaleplan } = tools;
  const build = compileRequest(step, program, tools, chance);
  const cookies = Object.entries(step.cookie);
  const prepare = (variables: Variables): Prepared => {
    const { url, prepared } = build(variables);
    if (cookies.length > 0) setCookies(tools, url, cookies, variables, chance);
    return prepared;
  };
  // Of most answers only the status counts, and the extension knows it: k6 would have to make it a value of JavaScript.
  const isPlain = step.expect === null && step.captures.length === 0;
  return isPlain ? compilePlain(step.slot, prepare, scaleplan) : compileLook(step, prepare, tools, chance);
}

function compilePlain(slot: number, prepare: (variables: Variables) => Prepared, scaleplan: Tools['scaleplan']): Perform {
  return (variables) => {
    const kind = scaleplan.play(slot, prepare(variables));
    if (kind === '') return GOOD;
    if (kind === 'over') return OVER;
    return { end: ANSWERED.has(kind) ? 'answered' : 'lost', kind, status: scaleplan.status() };
  };
}

function compileLook(step: ScriptRequest, prepare: (variables: Variables) => Prepared, { scaleplan, note }: Tools, chance: Chance): Perform {
  const captures = step.captures.map(compileCapture);
  let hasNoted = false;
  return (variables) => {
    const response = scaleplan.ask(step.slot, prepare(variables));
    if (response === null) return OVER;
    const { status } = response;
    // 'closed' only counts where the extension has seen a whole answer and k6 could not read it.
    if (status === 0) return { end: 'lost', kind: scaleplan.done('closed'), status };
    const answer = new AnswerOfK6(response);
    const missing = takeCaptures(captures, answer, variables, chance);
    if (missing !== null && !hasNoted) note(describeMissed(step.name, missing, answer));
    hasNoted ||= missing !== null;
    const fault = faultOf(answer, step.expect) ?? (missing === null ? '' : 'capture');
    const kind = scaleplan.done(fault);
    // Behind redirects in a circle there is nothing to go on with.
    return { end: missing !== null ? 'missing' : kind === 'circle' ? 'lost' : 'answered', kind, status };
  };
}

/** A header is found whatever its case: `X-Token` is how k6 writes most. */
class AnswerOfK6 implements Answer {
  readonly status: number;
  readonly body: string;
  readonly #headers: Response['headers'];

  constructor({ status, body, headers }: Response) {
    this.status = status;
    this.body = body;
    this.#headers = headers;
  }

  header(lowerCaseName: string): string | undefined {
    const written = this.#headers[lowerCaseName.replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())];
    if (written !== undefined) return written;
    const found = Object.keys(this.#headers).find((one) => one.toLowerCase() === lowerCaseName);
    return found === undefined ? undefined : this.#headers[found];
  }
}

function setCookies({ http }: Tools, url: string, cookies: readonly (readonly [string, string])[], variables: Variables, chance: Chance): void {
  const jar = http.cookieJar();
  for (const [name, value] of cookies) jar.set(url, name, renderText(value, variables, chance));
}
