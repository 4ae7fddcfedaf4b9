import type { ErrorKind } from '../model/interval.ts';

/** How the tools, and the languages below them, call what went wrong; the first that fits counts. */
const SIGNS: readonly (readonly [RegExp, ErrorKind])[] = [
  [/time[d ]?-?\s?out|timeout|deadline exceeded|etimedout/i, 'timeout'],
  [/refused|HttpHostConnect/i, 'refused'],
  [/reset|epipe|broken pipe/i, 'reset'],
  [/no such host|unknown ?host|enotfound|eai_again|getaddrinfo|name resolution|lookup/i, 'dns'],
  [/x509|\btls\b|\bssl|certificate|handshake/i, 'tls'],
  [/capture|match/i, 'capture'],
  [/\bEOF\b|NoHttpResponse|failed to respond|socket hang up|closed|RemoteDisconnected|aborted/i, 'closed'],
];

/** The kind of a failed request: by its status where there was an answer, else by the words of its error. */
export function errorKind(status: number, words: string): ErrorKind {
  if (status >= 500) return 'http-5xx';
  if (status >= 400) return 'http-4xx';
  // An answer came, and somebody's assertion did not like it.
  if (status > 0) return 'expect';
  return SIGNS.find(([sign]) => sign.test(words))?.[1] ?? 'closed';
}
