import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ScaleplanError } from '../errors.ts';
import { hideSecrets } from './hide-secrets.ts';
import { METHODS, plainName, type Sketch, type SketchRequest } from './sketch.ts';

const pair = z.object({ name: z.string(), value: z.string() });
const entry = z.object({
  startedDateTime: z.string(),
  time: z.number(),
  request: z.object({
    method: z.string(), url: z.string(),
    postData: z.object({ mimeType: z.string(), text: z.string().optional(), params: z.array(z.object({ name: z.string(), value: z.string().optional() })).optional() }).optional(),
    headers: z.array(pair).default([]),
  }),
  response: z.object({ status: z.number(), content: z.object({ mimeType: z.string().optional() }).optional() }),
});
const har = z.object({ log: z.object({ entries: z.array(entry) }) });
type Entry = z.infer<typeof entry>;

/** Files that a cache or a CDN serves: they say nothing of the application. */
const STATIC = /^(image|font|audio|video)\/|css|javascript/;
/** A recording is a visit, not a day. */
const MOST_REQUESTS = 100;
/** A pause that a person makes; shorter ones are the browser's. */
const LEAST_THINK_SECONDS = 0.5;
/** Somebody who fetched a coffee in the middle of the recording. */
const MOST_THINK_SECONDS = 30;

export interface HarOptions {
  /** Take POST, PUT, PATCH and DELETE over, too. */
  readonly writes: boolean;
  /** Only what went there; null: to the origin that most requests went to. */
  readonly origin: string | null;
}

/** A recording of a browser as one journey, in its order, with the user's pauses. Throws `wrong-usage` for what is none. */
export async function sketchFromHar(file: string, options: HarOptions): Promise<Sketch> {
  const entries = (await readHar(file)).filter(({ request }) => URL.canParse(request.url)).toSorted((a, b) => startOf(a) - startOf(b));
  const ofRoutes = entries.filter(({ response }) => !STATIC.test(response.content?.mimeType ?? ''));
  const origins = ofRoutes.map(({ request }) => new URL(request.url).origin);
  const origin = options.origin !== null && origins.includes(options.origin) ? options.origin : mostOften(origins);
  const own = ofRoutes.filter(({ request }) => new URL(request.url).origin === origin);
  const known = own.filter(({ request }) => METHODS.some((method) => method === request.method.toLowerCase()));
  const wanted = known.filter(({ request }) => options.writes || request.method === 'GET');
  const hidden = new Set<string>();
  const requests = wanted.slice(0, MOST_REQUESTS).map((one, index, all) => requestOf(one, all[index - 1], hidden));
  if (requests.length === 0) {
    throw new ScaleplanError('wrong-usage', `${file} holds no request ${options.writes ? '' : 'that only reads '}of an application (${entries.length} entries).`, { hint: options.writes ? 'Record a visit with the network tab of a browser, and save it as HAR.' : 'Take those that write over, too: --writes.' });
  }
  return {
    from: `the recording ${file}, requests to ${origin}`,
    journeys: [{ name: 'recorded', requests }],
    variables: {},
    notes: [
      ...(known.length > wanted.length ? [`Left out, because they write: ${known.length - wanted.length} requests (scaleplan init --writes takes them over).`] : []),
      ...(entries.length > own.length ? [`Left out: ${entries.length - own.length} requests for images, scripts and the like, or to other hosts.`] : []),
      ...(wanted.length > MOST_REQUESTS ? [`Left out: what came after the first ${MOST_REQUESTS} requests.`] : []),
      ...(hidden.size > 0 ? [`Secrets of the recording were taken out: set ${[...hidden].join(', ')} in the environment.`] : []),
      'Cookies and authorization were not taken over: log in in "before", or put a header into scaleplan.config.yaml.',
      'Values are those of one visit: the same ones for every user flatter a cache.',
    ],
  };
}

async function readHar(file: string): Promise<readonly Entry[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ScaleplanError('wrong-usage', `The recording ${file} cannot be read.`, { hint: 'Name the file that the network tab of a browser saved as HAR.', cause });
  });
  try {
    return har.parse(JSON.parse(text.replace(/^\uFEFF/, ''))).log.entries;
  } catch (cause) {
    throw new ScaleplanError('wrong-usage', `${file} is no HAR recording.`, { hint: 'It must be JSON with log.entries, as the network tab of a browser saves it.', cause });
  }
}

function requestOf({ request, startedDateTime }: Entry, previous: Entry | undefined, hidden: Set<string>): SketchRequest {
  const url = new URL(request.url);
  const query = [...url.searchParams];
  const isPlain = new Set(query.map(([name]) => name)).size === query.length && !query.some(([name, value]) => `${name}${value}`.includes('{{'));
  const qs = isPlain ? Object.fromEntries(query.map(([name, value]) => [name, String(hideSecrets(value, hidden, name))])) : {};
  const pause = previous === undefined ? 0 : (Date.parse(startedDateTime) - startOf(previous) - previous.time) / 1000;
  const thinkSeconds = pause < LEAST_THINK_SECONDS ? 0 : Math.min(MOST_THINK_SECONDS, Math.round(pause * 10) / 10);
  const accept = request.headers.find(({ name, value }) => name.toLowerCase() === 'accept' && /json/.test(value));
  return {
    name: plainName(`${request.method}-${nameOf(url.pathname)}`),
    method: request.method.toLowerCase() as SketchRequest['method'], // METHODS holds it: it was looked for there
    url: `${url.pathname}${isPlain ? '' : url.search}`.replaceAll('{{', '%7B%7B'),
    qs, headers: accept === undefined ? {} : { accept: accept.value }, body: bodyOf(request.postData, hidden), thinkSeconds,
  };
}

/** What is a number or a long token in a path is a value, not a name. */
function nameOf(path: string): string {
  return path.split('/').map((part) => (/^\d+$|^[0-9a-f-]{16,}$/i.test(part) ? ':id' : part)).join('/');
}

function bodyOf(post: Entry['request']['postData'], hidden: Set<string>): SketchRequest['body'] {
  if (post === undefined) return null;
  if (post.mimeType.includes('json') && post.text) {
    try {
      return { kind: 'json', value: hideSecrets(JSON.parse(post.text), hidden) };
    } catch {
      return { kind: 'body', value: post.text };
    }
  }
  if (post.mimeType.includes('x-www-form-urlencoded')) {
    const fields = post.params === undefined || post.params.length === 0 ? [...new URLSearchParams(post.text ?? '')] : post.params.map(({ name, value }) => [name, value ?? ''] as const);
    return { kind: 'form', value: hideSecrets(Object.fromEntries(fields), hidden) };
  }
  return post.text === undefined || post.text === '' ? null : { kind: 'body', value: post.text };
}

function startOf({ startedDateTime }: Entry): number {
  return Date.parse(startedDateTime);
}

function mostOften(names: readonly string[]): string {
  const counts = [...Map.groupBy(names, (name) => name)].toSorted(([, a], [, b]) => b.length - a.length);
  return counts[0]?.[0] ?? '';
}
