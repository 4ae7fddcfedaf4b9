import type { Capture, HttpMethod, RequestStep } from '../model/scenario.ts';
import { didYouMean } from '../model/nearest.ts';
import { inWords, isMap } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { readExpectation } from './expectation.ts';

export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const KEYS = {
  read: ['name', 'url', 'qs', 'headers', 'cookie', 'json', 'form', 'body', 'capture', 'expect'],
  beyond: [
    'uri', 'formData', 'gzip', 'auth', 'followRedirect', 'ifTrue', 'probability', 'beforeRequest', 'afterResponse', 'match', 'timeout',
    'setContentLengthHeader', 'https', 'tls', 'strictCapture',
  ],
};

export function isMethod(verb: string): verb is (typeof METHODS)[number] {
  return METHODS.some((method) => method === verb);
}

/** One request of a flow; null, with a fault, where it is none. */
export function readRequest(request: Cursor, verb: (typeof METHODS)[number]): RequestStep | null {
  if (!isMap(request.value)) {
    request.fault(`${verb}: expected a map with a url, got ${inWords(request.value)}`);
    return null;
  }
  request.sort({ ...KEYS, of: `"${verb}"` });
  const url = readUrl(request, verb);
  if (url === null) return null;
  // The five verbs in capitals are the five methods.
  const method = verb.toUpperCase() as HttpMethod;
  return {
    type: 'request',
    name: request.at('name').text('name') ?? `${method} ${url}`,
    method,
    url,
    qs: request.at('qs').texts('qs'),
    headers: request.at('headers').texts('headers'),
    cookie: request.at('cookie').texts('cookie'),
    body: readBody(request),
    captures: request.at('capture').oneOrMore().flatMap((item) => readCapture(item)),
    expect: readExpectation(request.at('expect')),
    place: request.keyPlace,
  };
}

function readUrl(request: Cursor, verb: string): string | null {
  const url = request.at('url').text('url');
  if (url === null || url === '') {
    // A misspelt key was noted already; the reader needs no second fault for it.
    const isMisspelt = request.keys().some((key) => didYouMean(key, ['url']) !== '' && key !== 'url');
    if (!isMisspelt) request.fault(`${verb}: has no url`);
    return null;
  }
  if (/^https?:\/\//i.test(url)) request.at('url').beyond(`a whole address (${url}) in place of a path at the target`);
  else if (!url.startsWith('/') && !url.startsWith('{{')) request.at('url').fault(`url: expected a path that begins with "/", got "${url}"`);
  return url;
}

function readBody(request: Cursor): RequestStep['body'] {
  const json = request.at('json');
  const form = request.at('form');
  const body = request.at('body');
  if (json.exists && form.exists) form.fault('a request has one body; expected either json or form');
  // Artillery lets json win over body.
  if (json.exists) return { type: 'json', value: json.value };
  if (form.exists) return { type: 'form', value: form.texts('form') };
  const text = body.text('body');
  return text === null ? null : { type: 'text', value: text };
}

/** Kinds of captures: ours, and those that artillery has beyond. */
const KINDS = ['json', 'header', 'regexp'] as const;
const KINDS_BEYOND = ['xpath', 'selector'];
const OPTIONS_BEYOND = ['strict', 'group', 'flags', 'multiple', 'index', 'attr', 'transform'];

function readCapture(capture: Cursor): readonly Capture[] {
  if (!isMap(capture.value)) {
    capture.fault(`capture: expected a map like "{json: $.id, as: id}", got ${inWords(capture.value)}`);
    return [];
  }
  capture.sort({ read: [...KINDS, 'as'], beyond: [...KINDS_BEYOND, ...OPTIONS_BEYOND], of: 'a capture' });
  const as = capture.at('as').text('as');
  if (as === null || as === '') {
    capture.fault('capture: has no name; expected "as: <variable>"');
    return [];
  }
  if (capture.keys().some((key) => KINDS_BEYOND.includes(key))) return [];
  const kinds = KINDS.filter((kind) => capture.at(kind).exists);
  const kind = kinds[0];
  if (kind === undefined || kinds.length > 1) {
    capture.fault(`capture of "${as}": expected one of ${KINDS.join(', ')}, got ${kind === undefined ? 'none' : kinds.join(' and ')}`);
    return [];
  }
  const expression = capture.at(kind).text(kind) ?? '';
  const problem = expressionProblem(kind, expression);
  if (problem !== null) capture.at(kind).fault(`capture of "${as}": ${problem}`);
  return [{ kind, expression, as }];
}

function expressionProblem(kind: Capture['kind'], expression: string): string | null {
  if (kind === 'json') return expression.startsWith('$') ? null : `expected a JSONPath that begins with "$", as in $.items[0].id, got "${expression}"`;
  if (kind === 'header') return /^[\w!#$%&'*+.^`|~-]+$/.test(expression) ? null : `expected the name of a header, got "${expression}"`;
  try {
    RegExp(expression);
    return null;
  } catch (error) {
    return `the pattern cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
