import type { ErrorKind } from '../../model/interval.ts';
import type { Expectation } from '../../model/scenario.ts';
import { hasProperty, isOfType, parseJson } from '../expectation.ts';
import { headerOf, type Answer } from './captures.ts';

/** Why an answer is no success; null when it is one. An expected status is a success whatever its number. */
export function faultOf(answer: Answer, expect: Expectation | null): ErrorKind | null {
  const isExpected = expect?.statusCode?.includes(answer.status) ?? false;
  if (!isExpected) {
    if (answer.status >= 500) return 'http-5xx';
    if (answer.status >= 400) return 'http-4xx';
  }
  if (expect === null) return null;
  if (expect.statusCode !== null && !isExpected) return 'expect';
  const type = headerOf(answer.rawHeaders, 'content-type') ?? '';
  if (expect.contentType !== null && !isOfType(type, () => parseJson(answer.body), expect.contentType)) return 'expect';
  if (expect.hasProperty.length === 0) return null;
  const body = parseJson(answer.body);
  return expect.hasProperty.every((path) => hasProperty(body, path)) ? null : 'expect';
}
