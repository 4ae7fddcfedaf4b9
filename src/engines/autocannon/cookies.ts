/** One cookie of a virtual user. */
interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/**
 * Cookies of one virtual user by name and path, as RFC 6265 keeps them. There is one target, so the domain is left out; of an expiry
 * only that it has passed, for a journey is short.
 */
export type Cookies = Map<string, Cookie>;

/** Puts what an answer to this path sets into the jar. */
export function keepCookies(jar: Cookies, rawHeaders: readonly string[], requestPath: string): void {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 10 && name.toLowerCase() === 'set-cookie') keepOne(jar, rawHeaders[at + 1] ?? '', requestPath);
  }
}

/** A cookie that the scenario sets with a request to this path. */
export function setCookie(jar: Cookies, name: string, value: string, requestPath: string): void {
  keep(jar, { name, value, path: defaultPath(requestPath) });
}

/** The header line to send with a request to this path, with its line end; empty without cookies. */
export function cookieLine(jar: Cookies | null, requestPath: string): string {
  if (jar === null || jar.size === 0) return '';
  const path = pathOnly(requestPath);
  // Longer paths first, else as they were set (RFC 6265, 5.4).
  const fitting = [...jar.values()].filter((cookie) => isWithin(path, cookie.path)).sort((a, b) => b.path.length - a.path.length);
  return fitting.length === 0 ? '' : `Cookie: ${fitting.map(({ name, value }) => `${name}=${value}`).join('; ')}\r\n`;
}

function keepOne(jar: Cookies, line: string, requestPath: string): void {
  const [pair = '', ...rest] = line.split(';');
  const equals = pair.indexOf('=');
  if (equals < 1) return;
  const attributes = new Map(rest.map((attribute) => {
    const [key = '', ...value] = attribute.split('=');
    return [key.trim().toLowerCase(), value.join('=').trim()];
  }));
  const given = attributes.get('path') ?? '';
  const cookie = { name: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim(), path: given.startsWith('/') ? given : defaultPath(requestPath) };
  if (hasPassed(attributes)) jar.delete(keyOf(cookie));
  else keep(jar, cookie);
}

/** A cookie that is set again keeps its place. */
function keep(jar: Cookies, cookie: Cookie): void {
  jar.set(keyOf(cookie), cookie);
}

function keyOf({ name, path }: Cookie): string {
  return `${name};${path}`;
}

/** `Max-Age` wins over `Expires`. */
function hasPassed(attributes: ReadonlyMap<string, string>): boolean {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0;
  const expires = Date.parse(attributes.get('expires') ?? '');
  return expires <= Date.now();
}

/** The folder of the request (RFC 6265, 5.1.4). */
function defaultPath(requestPath: string): string {
  const path = pathOnly(requestPath);
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

function isWithin(path: string, cookiePath: string): boolean {
  return path === cookiePath || (path.startsWith(cookiePath) && (cookiePath.endsWith('/') || path[cookiePath.length] === '/'));
}

function pathOnly(path: string): string {
  return path.split('?', 1)[0] ?? '/';
}
