import { ScaleplanError } from '../errors.ts';
import { hintForForeign, HTTP, plainly } from './foreign-server.ts';
import { parsePrometheusText } from './prometheus-text.ts';
import type { MetricsText } from './prometheus-text.ts';

/** Where to read and how to be let in. */
export interface MetricsSource {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Metrics pages are tens of kilobytes; one of this size is not meant for a reading every second. */
const LARGEST_BYTES = 16 * 1024 * 1024;

/** A page, and how large it was: what it takes to make grows with it. */
export interface FetchedMetrics extends MetricsText {
  readonly bytes: number;
}

/** Reads a page of metrics. Throws `probe-refused` with a hint when nobody answers, we are not let in, or it is no such page. */
export async function fetchMetrics({ url, headers }: MetricsSource, signal: AbortSignal): Promise<FetchedMetrics> {
  const response = await get(url, headers, signal);
  if (!response.ok) {
    await response.body?.cancel();
    throw refused(`${placeOf(url)} answered ${response.status}`, hintFor(response.status));
  }
  const text = await readBounded(response, url);
  const metrics = parsePrometheusText(text);
  if (metrics.families.size === 0 || metrics.garbage.length > metrics.families.size) {
    throw refused(`${placeOf(url)} is not a page in the Prometheus text format`, 'Name the address of the metrics page, path included.');
  }
  return { ...metrics, bytes: text.length };
}

/** Takes user name and password out of the address: they go into a header, never into a message. */
export function metricsSource(address: string, what: string): { url: URL; user: string; password: string } {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw refused(`the address of ${what} is not an http:// or https:// URL`, `Write it as ${what}=http://host:port/path.`);
  }
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  url.username = '';
  url.password = '';
  return { url, user, password };
}

/** What people call the server: host, port and path, without secrets. */
export function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname === '/' ? '' : pathname}`;
}

async function get(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
  try {
    // Unpacked: packing a page every second would cost the application more than sending it.
    return await fetch(url, { headers: { accept: 'text/plain; version=0.0.4', 'accept-encoding': 'identity', ...headers }, signal });
  } catch (error) {
    if (signal.aborted) throw refused(`${placeOf(url)} did not answer in time`, 'Is the server overloaded, or a firewall in between?');
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const detail = plainly(cause instanceof Error ? cause.message : String(cause));
    throw refused(`${placeOf(url)} cannot be reached: ${detail}`, hintForForeign(detail, HTTP) ?? 'Is the server running, and is the address right?');
  }
}

/** The body of an answer as text. Throws `probe-refused` for one that is larger than any page of metrics. */
export async function readBounded(response: Response, url: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LARGEST_BYTES) throw refused(`${placeOf(url)} answers with more than 16 MB`, 'Is it the right address?');
  }
  return text + decoder.decode();
}

function hintFor(status: number): string {
  if (status === 401 || status === 403) return 'Put the key or the password into the address; a read-only key is enough.';
  if (status === 404) return 'Name the path of the metrics page too, for example /metrics.';
  return 'Open the address in a browser to see what it says.';
}

function refused(message: string, hint: string): ScaleplanError {
  return new ScaleplanError('probe-refused', message, { hint });
}
