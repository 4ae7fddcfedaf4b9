const HIDDEN = '***';

/** What secrets are called, at the end of a key or header: `x-api-key`, `dbPassword`, `set-cookie`; `tokensPerSecond` is none, nor is `pass` alone, as a verdict is called. */
const SECRET_NAME = new RegExp(
  '(?:^|-)(?:authorization|auth|cookies?|password|passwd|pwd|passphrase|secrets?|token|jwt|session-?id|api-?key|access-?key(?:-id)?|private-?key|signing-?key|credentials?|signature|sig|sas)$|-pass$',
  'i',
);

/**
 * Takes out what must never be stored or printed: credentials in URLs, Authorization and Cookie headers, tokens, keys, passwords.
 * Of a text the secrets within it, of a map or list those of everything in it; applied twice it changes nothing more.
 */
export function redact(text: string): string;
export function redact(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
export function redact(value: unknown): unknown;
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map((item) => redact(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, isSecretName(key) ? hide(item) : redact(item)]));
}

/** Whether a key, header or parameter of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').replaceAll(/[_.]/g, '-'));
}

function hide(value: unknown): unknown {
  if (value === null || value === undefined || value === '' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((item) => hide(item));
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hide(item)]));
  return HIDDEN;
}

function redactText(text: string): string {
  return hideNamed(text.replace(COOKIE_HEADER, `$1$2${HIDDEN}`))
    .replace(URL_USER, (_, scheme: string, user: string) => scheme + hideUser(user))
    .replace(SCHEME_TOKEN, `$1${HIDDEN}`)
    .replace(KNOWN_TOKEN, HIDDEN);
}

/** `scheme://user:password@`; up to the last `@` of the authority, because people forget to encode the one in a password. */
const URL_USER = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*:\/\/)([^\s/?#"'<>]*)@/gi;

/** A user name beside a password is no secret; one that stands alone may be a key. */
function hideUser(user: string): string {
  const colon = user.indexOf(':');
  return colon === -1 ? `${HIDDEN}@` : `${user.slice(0, colon)}:${HIDDEN}@`;
}

/** A cookie's value has blanks and semicolons of its own, so the whole line goes. */
const COOKIE_HEADER = /(\b(?:set-)?cookie["']?\s*:)(?!\s*\*\*\*)(\s*)[^\r\n]+/gi;

const SCHEME_TOKEN = /(\b(?:Bearer|Basic|Digest|Token)\s+)(?!\*\*\*)[\w+/=~.-]{6,}/gi;

/** The beginning of `password=…`, `"api_key": "…"`, `x-api-key: …`, `?token=…`; the look-behind keeps long words from being tried at every letter. */
const NAME = /(?<![\w.-])[A-Za-z_][\w.-]*(["']?\s*[=:]\s*)/g;
const VALUE = /"[^"]*"|'[^']*'|[^\s"'&;,})\]#]+/y;

function hideNamed(text: string): string {
  let clean = '';
  let done = 0;
  for (const match of text.matchAll(NAME)) {
    const [whole, sign = ''] = match;
    VALUE.lastIndex = match.index + whole.length;
    if (match.index < done || !isSecretName(whole.slice(0, -sign.length))) continue;
    const value = VALUE.exec(text)?.[0] ?? '';
    clean += text.slice(done, match.index) + whole + hideValue(value);
    done = match.index + whole.length + value.length;
  }
  return clean + text.slice(done);
}

function hideValue(value: string): string {
  // What follows the scheme of `Authorization: Bearer …` is hidden by SCHEME_TOKEN; the scheme itself is worth showing.
  if (value === '' || /^(?:Bearer|Basic|Digest|Token)$/i.test(value)) return value;
  const quote = /^["']/.exec(value)?.[0] ?? '';
  return `${quote}${HIDDEN}${quote}`;
}

/** Secrets that show by their own form: JSON Web Tokens, and keys of common services. */
const KNOWN_TOKEN = /\beyJ[\w-]{5,2000}\.[\w-]{5,2000}\.[\w-]*|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\b(?:gh[pousr]_|github_pat_|glpat-|sk-|xox[abprs]-)[\w-]{16,}/g;
