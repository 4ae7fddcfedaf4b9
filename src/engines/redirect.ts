/**
 * Redirects, the same on every engine: up to ten are followed, as by Artillery's HTTP client, but only within the origin they come from,
 * for load is put on the target alone. k6 loads this file, too; extension/redirect.go has the same rules.
 */
export const MOST_REDIRECTS = 10;

/** A status whose `Location` is followed. */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}
