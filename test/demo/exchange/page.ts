import type { Running } from '../running.ts';

/** A web page of the application, as a browser gets it. */
export async function page({ demo }: Running, path: string): Promise<{ status: number; type: string; html: string }> {
  const answer = await fetch(`${demo.url}${path}`);
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', html: await answer.text() };
}
