import type { RequestParams, Response } from './artillery.ts';

/** The rule of the HTTP client inside artillery (got 14). */
const FOLLOWED: ReadonlySet<number> = new Set([300, 301, 302, 303, 304, 307, 308]);

/** Lets artillery follow redirects within the origin they come from, and nowhere else: load is put on the target alone. */
export function keepWithinTarget(params: RequestParams): void {
  if (params.followRedirect === false) return;
  params.followRedirect = ({ headers }) => staysWithin(params, headers.location);
}

/** Whether artillery asks for what this answer names in its place. */
export function isFollowed({ statusCode = 0, headers }: Pick<Response, 'statusCode' | 'headers'>, params: RequestParams): boolean {
  if (params.followRedirect === false || headers.location === undefined || !FOLLOWED.has(statusCode)) return false;
  return staysWithin(params, headers.location);
}

/** By the time there is an answer, `url` is the whole address. */
function staysWithin({ url = '' }: RequestParams, location: string | undefined): boolean {
  const from = URL.parse(url);
  return from !== null && location !== undefined && URL.parse(location, url)?.origin === from.origin;
}
