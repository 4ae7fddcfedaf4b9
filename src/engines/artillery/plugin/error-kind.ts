import type { ErrorKind } from '../../../model/interval.ts';

const KINDS: Readonly<Record<string, ErrorKind>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  // Redirects in a circle.
  ERR_TOO_MANY_REDIRECTS: 'expect',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  ERR_STREAM_PREMATURE_CLOSE: 'closed',
  ETIMEDOUT: 'timeout',
  // agentkeepalive: nothing moved on the socket for the longer of 8 s and the time-out.
  ERR_SOCKET_TIMEOUT: 'timeout',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EPROTO: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls',
};

/** The kind under which an error that artillery's HTTP client raised is counted. What is not the target's doing is `engine`. */
export function kindOfHttpError(error: Error & { readonly code?: string }): ErrorKind {
  const code = error.code ?? '';
  if (code === 'ECONNRESET') return isEnd(error.message) ? 'closed' : 'reset';
  if (code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.includes('CERT')) return 'tls';
  // A server that speaks something else than HTTP, or packs its answers wrongly; the connection is of no use any more.
  if (code.startsWith('HPE_') || code.startsWith('Z_') || code.startsWith('ERR__')) return 'closed';
  return KINDS[code] ?? 'engine';
}

/** Node gives a FIN in place of an answer, or in the middle of it, the code of a reset; the words tell. */
function isEnd(message: string): boolean {
  return message.includes('socket hang up') || message.includes('aborted');
}
