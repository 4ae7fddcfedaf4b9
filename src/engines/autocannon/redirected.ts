import type { Answer } from '../captures.ts';
import { isRedirect } from '../redirect.ts';
import { cookieLine, type Cookies } from './cookies.ts';

const HEAD_END = '\r\n\r\n';
const REQUEST_LINE = /^(\S+) (\S+) HTTP\/1\.1\r\n/;

/**
 * The request that an answer asks for in place of the one that was sent, as Artillery's HTTP client makes it: the same headers and
 * body, but a GET without a body after 303. Null where the answer is no redirect, or leads away from the target.
 */
export function redirected(sent: Buffer, answer: Answer, origin: string, cookies: Cookies | null): { readonly bytes: Buffer; readonly path: string } | null {
  if (!isRedirect(answer.status)) return null;
  const location = answer.header('location');
  const text = sent.toString('latin1');
  const [line = '', method = 'GET', path = '/'] = REQUEST_LINE.exec(text) ?? [];
  // A header is Latin-1 on the wire; an address within one is often UTF-8 all the same.
  const url = location === undefined ? null : URL.parse(Buffer.from(location, 'latin1').toString(), `${origin}${path}`);
  if (url === null || url.origin !== origin) return null;
  const headEnd = text.indexOf(HEAD_END);
  const drops = answer.status === 303 && method !== 'GET';
  const headers = text.slice(line.length, headEnd).split('\r\n').filter((header) => !/^cookie:/i.test(header) && !(drops && /^content-length:/i.test(header)));
  const next = `${url.pathname}${url.search}`;
  const head = `${drops ? 'GET' : method} ${next} HTTP/1.1\r\n${headers.join('\r\n')}\r\n${cookieLine(cookies, next)}\r\n`;
  return { bytes: Buffer.concat([Buffer.from(head, 'latin1'), drops ? Buffer.alloc(0) : sent.subarray(headEnd + HEAD_END.length)]), path: next };
}
