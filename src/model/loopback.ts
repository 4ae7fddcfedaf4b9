/** Whether a URL names this machine by its loopback: never by a proxy, and what this machine's probes read is the target's own. */
export function isLoopback(url: string): boolean {
  return /^(?:127(?:\.\d+){3}|localhost|\[::1\])$/.test(new URL(url).hostname);
}
