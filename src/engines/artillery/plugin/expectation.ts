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
    if (types.some((type) => !isOfType(response, type))) return false;
    if (properties.length === 0) return true;
    const body = parseJson(response.body);
    return properties.every((path) => hasProperty(body, path));
  });
}

function partsOf({ expect }: RequestParams): Readonly<Record<string, unknown>>[] {
  return [expect].flat().filter((part): part is Record<string, unknown> => typeof part === 'object' && part !== null);
}

function listed(value: unknown): string[] {
  return value === undefined ? [] : [value].flat().map(String);
}

/** `json` stands for the JSON types, as in artillery's expect plugin; everything else is compared as it is. */
function isOfType(response: Response, wanted: string): boolean {
  const type = (response.headers['content-type'] ?? '').toLowerCase();
  if (wanted !== 'json') return type === wanted.toLowerCase();
  if (!/application\/(?:json|problem\+json|ld\+json)/.test(type)) return false;
  const body = parseJson(response.body);
  return typeof body === 'object' && body !== null;
}

function parseJson(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return null;
  }
}

function hasProperty(value: unknown, path: string): boolean {
  let inner = value;
  for (const key of path.split(/[.[\]'"]+/).filter((part) => part !== '')) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return false;
    inner = Reflect.get(inner, key);
  }
  return true;
}
