import type { ErrorKind } from '../model/interval.ts';
import type { Expectation } from '../model/scenario.ts';
import type { Answer } from './captures.ts';
import { hasProperty, isOfType, parseJson } from './expectation.ts';
import { isRedirect } from './redirect.ts';

/** Why an answer is no success; null when it is one. An expected status is a success whatever its number. */
export function faultOf(answer: Answer, expect: Expectation | null): ErrorKind | null {
  const isExpected = expect?.statusCode?.includes(answer.status) ?? false;
  if (!isExpected) {
    if (answer.status >= 500) return 'http-5xx';
    if (answer.status >= 400) return 'http-4xx';
    // It was not followed: it leads away from the target, or in a circle. What was asked for has not been seen.
    if (isRedirect(answer.status) && answer.header('location') !== undefined) return 'expect';
  }
  if (expect === null) return null;
  if (expect.statusCode !== null && !isExpected) return 'expect';
  const body = (): unknown => parseJson(answer.body);
  if (expect.contentType !== null && !isOfType(answer.header('content-type') ?? '', body, expect.contentType)) return 'expect';
  if (expect.hasProperty.length === 0) return null;
  const value = body();
  return expect.hasProperty.every((path) => hasProperty(value, path)) ? null : 'expect';
}

/** Whether the body has to be kept: reading it costs, and most steps only count it. */
export function wantsBody(expect: Expectation | null, captures: readonly { readonly kind: string }[]): boolean {
  return (expect !== null && (expect.contentType === 'json' || expect.hasProperty.length > 0)) || captures.some(({ kind }) => kind !== 'header');
}
