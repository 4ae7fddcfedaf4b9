import type { ErrorKind } from '../../../model/interval.ts';
import type { Expectation } from '../../../model/scenario.ts';
import { hasProperty, isOfType, parseJson } from '../../expectation.ts';
import { headerOf } from './captures.ts';
import type { Response } from './k6.ts';

/** Why an answer is no success; null when it is one. An expected status is a success whatever its number. */
export function faultOf(response: Response, expect: Expectation | null): ErrorKind | null {
  const isExpected = expect?.statusCode?.includes(response.status) ?? false;
  if (!isExpected) {
    if (response.status >= 500) return 'http-5xx';
    if (response.status >= 400) return 'http-4xx';
  }
  if (expect === null) return null;
  if (expect.statusCode !== null && !isExpected) return 'expect';
  const body = (): unknown => parseJson(response.body ?? '');
  if (expect.contentType !== null && !isOfType(headerOf(response, 'content-type') ?? '', body, expect.contentType)) return 'expect';
  if (expect.hasProperty.length === 0) return null;
  const value = body();
  return expect.hasProperty.every((path) => hasProperty(value, path)) ? null : 'expect';
}

/** Whether the body has to be kept: reading it costs, and most steps only count it. */
export function wantsBody(expect: Expectation | null, captures: readonly { readonly kind: string }[]): boolean {
  return (expect !== null && (expect.contentType === 'json' || expect.hasProperty.length > 0)) || captures.some(({ kind }) => kind !== 'header');
}
