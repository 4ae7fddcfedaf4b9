import type { ErrorKind } from '../../model/interval.ts';

const KINDS: Readonly<Record<string, ErrorKind>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EPROTO: 'tls',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls',
  // No free port or file descriptor on this side: the target has not even been asked.
  EADDRNOTAVAIL: 'engine',
  EADDRINUSE: 'engine',
  EMFILE: 'engine',
  ENFILE: 'engine',
  ENOBUFS: 'engine',
};

/** The kind under which a connection's error is counted. */
export function kindOfConnectionError(error: Error & { readonly code?: string }): ErrorKind {
  const code = error.code ?? '';
  if (code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.includes('CERT')) return 'tls';
  return KINDS[code] ?? 'reset';
}
