/** How an address of a kind is written, without and with TLS. */
export interface Protocol {
  readonly name: string;
  readonly plain: string;
  readonly encrypted: string;
}

export const HTTP: Protocol = { name: 'HTTP', plain: 'http://', encrypted: 'https://' };
export const REDIS: Protocol = { name: 'Redis’s protocol', plain: 'redis://', encrypted: 'rediss://' };
export const POSTGRES: Protocol = { name: 'PostgreSQL’s protocol', plain: 'the address without sslmode', encrypted: '?sslmode=verify-full' };

/** A server of another kind hangs up at the first line it does not understand, or waits for one that it does; one that wants TLS hangs up, too. */
const HUNG_UP = /other side closed|socket hang up|connection is closed|connection terminated|ECONNRESET|EPIPE|HPE_|parse error|protocol error/i;
const SILENT = /timeout expired|ETIMEDOUT|command timed out|did not answer/i;
const NO_TLS = /wrong version number|does not support SSL|packet length too long/i;

/** What to look at when nobody of the right kind could be talked to: another kind of server, TLS, a certificate, a name. Null for any other failure. */
export function hintForForeign(message: string, { name, plain, encrypted }: Protocol): string | null {
  if (/certificate|self.signed/i.test(message)) return 'Its certificate is not trusted here: name that of its authority with NODE_EXTRA_CA_CERTS=file, or the host name it was made for.';
  if (/ENOTFOUND|EAI_AGAIN/.test(message)) return 'The host name is not known here.';
  if (NO_TLS.test(message)) return `What listens there does not speak TLS: write ${plain}.`;
  if (HUNG_UP.test(message)) return `What listens there does not speak ${name}, or only with TLS (${encrypted}): is it the right port?`;
  return SILENT.test(message) ? `What listens there does not speak ${name}, or not as the address says (${encrypted} is with TLS), or hangs, or a firewall is in between: is it the right port?` : null;
}

/** OpenSSL's words without its numbers and its own source files. */
export function plainly(message: string): string {
  const said = /SSL routines:[^:]*:([^:]+):/.exec(message)?.[1];
  return said === undefined ? message : `TLS: ${said}`;
}
