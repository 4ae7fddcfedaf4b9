import type { RequestStep } from '../../model/scenario.ts';
import { hasTemplate, renderText, renderValue, textsIn, type Chance, type Variables } from '../../scenario/variables.ts';
import { ACCEPT_ENCODING } from '../accept-encoding.ts';
import { cookieLine, setCookie, type Cookies } from './cookies.ts';

/** What a request may take from the virtual user that sends it. */
export interface Sender {
  readonly variables: Variables;
  /** Null where nothing sent later could need them. */
  readonly cookies: Cookies | null;
}

/** Where and with which headers requests go. */
export interface Destination {
  /** Base URL; its path is put before every step's. */
  readonly target: string;
  /** Headers of the scenario, which a step may replace. */
  readonly defaultHeaders: Readonly<Record<string, string>>;
  /** Headers on every request, which win over all others. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A request as it is put on the connection. */
export interface BuiltRequest {
  readonly bytes: Buffer;
  /** Path and query, which cookies depend on. */
  readonly path: string;
}

export type Build = (sender: Sender) => BuiltRequest;

/** Headers that follow from the connection and the body; a script's own would break the framing. */
const OURS = new Set(['connection', 'content-length', 'transfer-encoding']);

/** Prepares a step: what never changes is put together once, so that a constant request costs nothing when it is sent. */
export function compileRequest(step: RequestStep, destination: Destination, chance: Chance): Build {
  const base = new URL(destination.target);
  const isConstant = Object.keys(step.cookie).length === 0
    && [step.url, step.qs, step.body, step.headers, destination.defaultHeaders, destination.headers].every(isWithoutTemplates);
  const make = (variables: Variables): { readonly path: string; readonly head: string; readonly body: string } => {
    const body = bodyOf(step.body, variables, chance);
    const path = pathOf(step, base, variables, chance);
    const headers = headersOf(step, destination, base.host, body, variables, chance);
    return { path, head: `${step.method} ${path} HTTP/1.1\r\n${headers}Connection: keep-alive\r\n`, body: body.text };
  };
  if (!isConstant) {
    return ({ variables, cookies }) => {
      const { path, head, body } = make(variables);
      if (cookies !== null) for (const [name, value] of Object.entries(step.cookie)) setCookie(cookies, name, renderText(value, variables, chance), path);
      return { path, bytes: Buffer.from(`${head}${cookieLine(cookies, path)}\r\n${body}`) };
    };
  }
  const { path, head, body } = make({});
  const constant = { path, bytes: Buffer.from(`${head}\r\n${body}`) };
  return ({ cookies }) => {
    const line = cookieLine(cookies, path);
    return line === '' ? constant : { path, bytes: Buffer.from(`${head}${line}\r\n${body}`) };
  };
}

function isWithoutTemplates(value: unknown): boolean {
  for (const text of textsIn(value)) if (hasTemplate(text)) return false;
  return true;
}

function pathOf(step: RequestStep, base: URL, variables: Variables, chance: Chance): string {
  const rendered = renderText(step.url, variables, chance);
  const full = /^https?:\/\//i.test(rendered) ? rendered : `${base.origin}${base.pathname.replace(/\/$/, '')}${rendered.startsWith('/') ? '' : '/'}${rendered}`;
  const url = new URL(full);
  // As in Artillery: `qs` takes the place of a query in the URL.
  if (Object.keys(step.qs).length > 0) url.search = new URLSearchParams(renderPairs(step.qs, variables, chance)).toString();
  return `${url.pathname}${url.search}`;
}

interface Body {
  readonly text: string;
  readonly contentType: string | null;
}

function bodyOf(body: RequestStep['body'], variables: Variables, chance: Chance): Body {
  if (body === null) return { text: '', contentType: null };
  switch (body.type) {
    case 'json':
      return { text: JSON.stringify(renderValue(body.value, variables, chance)) ?? '', contentType: 'application/json' };
    case 'form':
      return { text: new URLSearchParams(renderPairs(body.value, variables, chance)).toString(), contentType: 'application/x-www-form-urlencoded' };
    case 'text':
      return { text: renderText(body.value, variables, chance), contentType: null };
  }
}

function renderPairs(pairs: Readonly<Record<string, string>>, variables: Variables, chance: Chance): [string, string][] {
  return Object.entries(pairs).map(([key, value]) => [key, renderText(value, variables, chance)]);
}

function headersOf(step: RequestStep, { defaultHeaders, headers }: Destination, host: string, body: Body, variables: Variables, chance: Chance): string {
  const merged = new Map<string, readonly [name: string, value: string]>();
  const put = (list: Readonly<Record<string, string>>): void => {
    for (const [name, value] of Object.entries(list)) {
      if (!OURS.has(name.toLowerCase())) merged.set(name.toLowerCase(), [name, renderText(value, variables, chance)]);
    }
  };
  put({ Host: host, 'User-Agent': 'scaleplan', 'Accept-Encoding': ACCEPT_ENCODING });
  if (body.contentType !== null) put({ 'Content-Type': body.contentType });
  put(defaultHeaders);
  put(step.headers);
  put(headers);
  // A line end within a value would end the header and begin another one.
  const lines = [...merged.values()].map(([name, value]) => `${name}: ${value.replace(/[\r\n]+/g, ' ')}\r\n`).join('');
  const needsLength = body.text !== '' || (step.method !== 'GET' && step.method !== 'DELETE');
  return needsLength ? `${lines}Content-Length: ${Buffer.byteLength(body.text)}\r\n` : lines;
}
