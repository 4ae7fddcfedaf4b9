/** Cookies of one virtual user by name. One target, so domain and path are left out of it; expiry by Max-Age=0 is kept. */
export type Cookies = Map<string, string>;

/** Puts what an answer sets into the jar. */
export function keepCookies(jar: Cookies, rawHeaders: readonly string[]): void {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 10 && name.toLowerCase() === 'set-cookie') keepOne(jar, rawHeaders[at + 1] ?? '');
  }
}

function keepOne(jar: Cookies, line: string): void {
  const [pair = '', ...attributes] = line.split(';');
  const equals = pair.indexOf('=');
  if (equals < 1) return;
  const name = pair.slice(0, equals).trim();
  const isTakenBack = attributes.some((attribute) => /^\s*max-age\s*=\s*(?:0|-\d+)\s*$/i.test(attribute));
  if (isTakenBack) jar.delete(name);
  else jar.set(name, pair.slice(equals + 1).trim());
}

/** The header line to send, with its line end; empty without cookies. */
export function cookieLine(jar: Cookies | null): string {
  if (jar === null || jar.size === 0) return '';
  return `Cookie: ${[...jar].map(([name, value]) => `${name}=${value}`).join('; ')}\r\n`;
}
