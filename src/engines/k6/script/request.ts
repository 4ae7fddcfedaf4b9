import { hasTemplate, renderText, renderValue, textsIn, type Chance, type Variables } from '../../../scenario/variables.ts';
import { wantsBody } from '../../answer.ts';
import type { Prepared, Tools } from './k6.ts';
import type { ScriptProgram, ScriptRequest } from './program.ts';

export interface Built {
  /** For the cookies that are set for it. */
  readonly url: string;
  readonly prepared: Prepared;
}

/** Gives one request for the extension to send. */
export type Build = (variables: Variables) => Built;

/** Headers that follow from the connection and the body; a script's own would break the framing. */
const OURS = new Set(['connection', 'content-length', 'transfer-encoding']);

/** Prepares a step: what never changes is put together once. */
export function compileRequest(step: ScriptRequest, program: ScriptProgram, { env, scaleplan }: Tools, chance: Chance): Build {
  const ours = program.headers.map(({ name, variable }): [string, string] => [name, env[variable] ?? '']);
  const make = (variables: Variables): Built => {
    const body = bodyOf(step.body, variables, chance);
    const url = urlOf(step, program.target, variables, chance);
    const headers = headersOf([
      ['Accept-Encoding', program.acceptEncoding],
      ...(body.contentType === null ? [] : [['Content-Type', body.contentType] as const]),
      ...Object.entries(program.defaultHeaders), ...Object.entries(step.headers), ...ours,
    ], variables, chance);
    return { url, prepared: scaleplan.prepare(step.method, url, body.text, { headers, timeout: program.timeoutMs, wantsBody: wantsBody(step.expect, step.captures) }) };
  };
  const isConstant = [step.url, step.qs, step.body, step.headers, program.defaultHeaders, ours].every(isWithoutTemplates);
  if (!isConstant) return make;
  const built = make({});
  return () => built;
}

function isWithoutTemplates(value: unknown): boolean {
  for (const text of textsIn(value)) if (hasTemplate(text)) return false;
  return true;
}

function urlOf(step: ScriptRequest, target: string, variables: Variables, chance: Chance): string {
  const rendered = renderText(step.url, variables, chance);
  const full = /^https?:\/\//i.test(rendered) ? rendered : `${target.replace(/\/$/, '')}${rendered.startsWith('/') ? '' : '/'}${rendered}`;
  const pairs = Object.entries(step.qs);
  // As in Artillery: `qs` takes the place of a query in the URL.
  const url = pairs.length === 0 ? full : `${full.replace(/\?.*$/, '')}?${formOf(pairs, variables, chance)}`;
  return url.replace(/#.*$/, '').replace(/[^\x21-\x7e]+/g, encodeURIComponent);
}

interface Body {
  readonly text: string | null;
  readonly contentType: string | null;
}

function bodyOf(body: ScriptRequest['body'], variables: Variables, chance: Chance): Body {
  if (body === null) return { text: null, contentType: null };
  switch (body.type) {
    case 'json':
      return { text: JSON.stringify(renderValue(body.value, variables, chance)) ?? '', contentType: 'application/json' };
    case 'form':
      return { text: formOf(Object.entries(body.value), variables, chance), contentType: 'application/x-www-form-urlencoded' };
    case 'text':
      return { text: renderText(body.value, variables, chance), contentType: null };
  }
}

function formOf(pairs: readonly (readonly [string, string])[], variables: Variables, chance: Chance): string {
  return pairs.map(([key, value]) => `${formEncode(key)}=${formEncode(renderText(value, variables, chance))}`).join('&');
}

/** As URLSearchParams writes it, which k6 does not have. */
function formEncode(text: string): string {
  const escaped = encodeURIComponent(text).replace(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return escaped.replace(/%20/g, '+');
}

/** Later ones replace earlier ones, whatever their case. */
function headersOf(list: readonly (readonly [string, string])[], variables: Variables, chance: Chance): Record<string, string> {
  const merged = new Map<string, readonly [string, string]>();
  for (const [name, value] of list) {
    // A line end within a value would end the header and begin another one.
    if (!OURS.has(name.toLowerCase())) merged.set(name.toLowerCase(), [name, renderText(value, variables, chance).replace(/[\r\n]+/g, ' ')]);
  }
  return Object.fromEntries(merged.values());
}
