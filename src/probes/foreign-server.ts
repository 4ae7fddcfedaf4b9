/** A server of another kind hangs up at the first line it does not understand, or waits for one that it does; one that wants TLS hangs up, too. */
const HUNG_UP = /other side closed|socket hang up|connection is closed|connection terminated|ECONNRESET|HPE_|parse error|protocol error|expected a/i;
const SILENT = /timeout expired|ETIMEDOUT|command timed out|did not answer|no answer/i;

/** What to look at when something took the connection and did not answer as `protocol` does; null for any other failure. `encrypted`: how an address with TLS begins. */
export function hintForForeign(message: string, protocol: string, encrypted: string): string | null {
  if (HUNG_UP.test(message)) return `What listens there does not speak ${protocol}, or only with TLS (${encrypted}): is it the right port?`;
  return SILENT.test(message) ? `What listens there does not speak ${protocol}, or hangs, or a firewall is in between: is it the right port?` : null;
}
