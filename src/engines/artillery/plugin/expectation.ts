import { hasProperty, isOfType, parseJson } from '../../expectation.ts';
import type { RequestParams, Response } from './artillery.ts';

/** The statuses a request expects; null where it does not say. `expect` is a map or a list of maps. */
export function expectedStatuses(params: RequestParams): readonly number[] | null {
  const all = partsOf(params).filter((part) => 'statusCode' in part).flatMap((part) => [part['statusCode']].flat());
  return all.length === 0 ? null : all.map(Number);
}

export function hasExpectation(params: RequestParams): boolean {
  return partsOf(params).length > 0;
}

/**
 * Whether an answer has the content type and the properties its request expects. Bare artillery leaves `expect` unread unless
 * its own plugin for it is switched on; then that plugin's findings count instead.
 */
export function isAsExpected(params: RequestParams, response: Response): boolean {
  return partsOf(params).every((part) => {
    const types = listed(part['contentType']);
    const properties = listed(part['hasProperty']);
    const body = (): unknown => parseJson(String(response.body));
    if (types.some((type) => !isOfType(response.headers['content-type'] ?? '', body, type))) return false;
    return properties.every((path) => hasProperty(body(), path));
  });
}

function partsOf({ expect }: RequestParams): Readonly<Record<string, unknown>>[] {
  return [expect].flat().filter((part): part is Record<string, unknown> => typeof part === 'object' && part !== null);
}

function listed(value: unknown): string[] {
  return value === undefined ? [] : [value].flat().map(String);
}
