/** What a scenario may expect of an answer's body, read the same way for every engine. */

/** `json` stands for the JSON types and an object or list behind them, as in Artillery's expect plugin; every other type is compared as it is. */
export function isOfType(contentType: string, body: () => unknown, wanted: string): boolean {
  const type = contentType.toLowerCase();
  if (wanted !== 'json') return type === wanted.toLowerCase();
  if (!/application\/(?:json|problem\+json|ld\+json)/.test(type)) return false;
  const value = body();
  return typeof value === 'object' && value !== null;
}

/** Whether a JSON value holds `a.b[0].c`. */
export function hasProperty(value: unknown, path: string): boolean {
  let inner = value;
  for (const key of path.split(/[.[\]'"]+/).filter((part) => part !== '')) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return false;
    inner = Reflect.get(inner, key);
  }
  return true;
}

/** The value of a JSON text; undefined for anything else. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
