import type { ErrorKind } from '../../model/interval.ts';
import type { Expectation } from '../../model/scenario.ts';
import { headerOf, parseJson, type Answer } from './captures.ts';

/** Why an answer is no success; null when it is one. An expected status is a success whatever its number. */
export function faultOf(answer: Answer, expect: Expectation | null): ErrorKind | null {
  const isExpected = expect?.statusCode?.includes(answer.status) ?? false;
  if (!isExpected) {
    if (answer.status >= 500) return 'http-5xx';
    if (answer.status >= 400) return 'http-4xx';
  }
  if (expect === null) return null;
  if (expect.statusCode !== null && !isExpected) return 'expect';
  if (expect.contentType !== null && !isOfType(answer, expect.contentType)) return 'expect';
  if (expect.hasProperty.length === 0) return null;
  const body = parseJson(answer.body);
  return expect.hasProperty.every((path) => hasProperty(body, path)) ? null : 'expect';
}

/** `json` stands for the JSON types, as in Artillery's expect plugin; everything else is compared as it is. */
function isOfType(answer: Answer, wanted: string): boolean {
  const type = (headerOf(answer.rawHeaders, 'content-type') ?? '').toLowerCase();
  if (wanted !== 'json') return type === wanted.toLowerCase();
  const isJsonType = /application\/(?:json|problem\+json|ld\+json)/.test(type);
  const body = isJsonType ? parseJson(answer.body) : null;
  return typeof body === 'object' && body !== null;
}

function hasProperty(value: unknown, path: string): boolean {
  let inner = value;
  for (const key of path.split(/[.[\]'"]+/).filter((part) => part !== '')) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return false;
    inner = Reflect.get(inner, key);
  }
  return true;
}
