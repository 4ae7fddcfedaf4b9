import { ScaleplanError } from '../errors.ts';
import { readYamlFile } from '../yaml/read.ts';
import { exampleOf, field, resolveRef } from './openapi-example.ts';
import { METHODS, plainName, type Sketch, type SketchJourney, type SketchRequest } from './sketch.ts';

export interface OpenApiOptions {
  /** Take operations that write over, too. */
  readonly writes: boolean;
}

/** A description of 500 routes is tested in parts; the first are a beginning. */
const MOST_REQUESTS = 100;

/**
 * The operations of an OpenAPI (3) or Swagger (2) description as journeys, one for each tag, else for the first part of the path.
 * Values are the description's own examples. Throws `wrong-usage` with `file:line:col` for what is none.
 */
export async function sketchFromOpenApi(file: string, { writes }: OpenApiOptions): Promise<Sketch> {
  const { value: document } = await readYamlFile(file, 'wrong-usage');
  const paths = field(document, 'paths');
  if (typeof paths !== 'object' || paths === null || (field(document, 'openapi') ?? field(document, 'swagger')) === undefined) {
    throw new ScaleplanError('wrong-usage', `${file} is no OpenAPI description.`, { hint: 'It must say openapi: 3.x (or swagger: "2.0") and have paths.' });
  }
  const variables = new Map<string, readonly string[]>();
  const all = operationsOf(document, paths, variables);
  const wanted = all.filter(({ request }) => writes || request.method === 'get');
  if (wanted.length === 0) {
    throw new ScaleplanError('wrong-usage', `${file} describes no operation ${writes ? '' : 'that only reads'} (${all.length} in all).`, { hint: writes ? 'Name another file.' : 'Take those that write over, too: --writes.' });
  }
  const kept = wanted.slice(0, MOST_REQUESTS);
  const used = new Map([...variables].filter(([name]) => kept.some(({ request }) => JSON.stringify(request).includes(`{{ ${name} }}`))));
  return {
    from: `the description ${file}`,
    journeys: journeysOf(kept),
    variables: Object.fromEntries(used),
    notes: [
      ...(all.length > wanted.length ? [`Left out, because they write: ${all.length - wanted.length} ${all.length - wanted.length === 1 ? 'operation' : 'operations'} (scaleplan init --writes takes them over).`] : []),
      ...(wanted.length > kept.length ? [`Left out: what came after the first ${MOST_REQUESTS} operations.`] : []),
      ...(used.size > 0 ? [`Put values that exist into variables: ${[...used.keys()].join(', ')}. A value is drawn for each user.`] : []),
      ...(field(document, 'security') ?? field(field(document, 'components'), 'securitySchemes') ?? field(document, 'securityDefinitions')) === undefined ? [] : ['The description asks for a login: put a header into scaleplan.config.yaml, or log in in "before".'],
    ],
  };
}

interface Operation {
  readonly journey: string;
  readonly request: SketchRequest;
}

function operationsOf(document: unknown, paths: object, variables: Map<string, readonly string[]>): Operation[] {
  const base = basePath(document);
  return Object.entries(paths).flatMap(([path, item]) => METHODS.flatMap((method): Operation[] => {
    const operation = field(item, method);
    if (typeof operation !== 'object' || operation === null) return [];
    const parameters = [...listOf(field(item, 'parameters')), ...listOf(field(operation, 'parameters'))].map((one) => resolveRef(document, one));
    const tag = listOf(field(operation, 'tags'))[0];
    const id = field(operation, 'operationId');
    const url = base + path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => `{{ ${variableFor(document, path, name, parameters, variables)} }}`);
    return [{
      journey: plainName(typeof tag === 'string' ? tag : (path.split('/')[1] ?? 'root')),
      request: {
        name: plainName(typeof id === 'string' ? id : `${method.toUpperCase()}-${path}`), method, url, thinkSeconds: 0,
        qs: required(document, parameters, 'query'), headers: required(document, parameters, 'header'), body: method === 'get' || method === 'delete' ? null : bodyOf(document, operation, parameters),
      },
    }];
  }));
}

/** The path of the first server, or of Swagger's basePath: the target has none. */
function basePath(document: unknown): string {
  const server = field(listOf(field(document, 'servers'))[0], 'url');
  const written = typeof server === 'string' ? server : field(document, 'basePath');
  if (typeof written !== 'string' || written.includes('{')) return '';
  const path = URL.canParse(written) ? new URL(written).pathname : written;
  return path.startsWith('/') ? path.replace(/\/+$/, '') : '';
}

/** `id` alone says nothing: /items/{id} and /users/{id} are two. */
function variableFor(document: unknown, path: string, name: string, parameters: readonly unknown[], variables: Map<string, readonly string[]>): string {
  const before = path.slice(0, path.indexOf(`{${name}}`)).split('/').filter((part) => part !== '' && !part.startsWith('{')).at(-1) ?? '';
  const word = /^(id|uuid|key|slug|name|code)$/i.test(name) && before !== '' ? `${before}-${name}` : name;
  const variable = word.replaceAll(/[^A-Za-z0-9]+([A-Za-z0-9])?/g, (_, next?: string) => (next ?? '').toUpperCase()).replace(/^(\d)/, '_$1');
  const parameter = parameters.find((one) => field(one, 'in') === 'path' && field(one, 'name') === name);
  if (!variables.has(variable)) variables.set(variable, [String(exampleOf(document, parameter))]);
  return variable;
}

function required(document: unknown, parameters: readonly unknown[], place: 'query' | 'header'): Record<string, string> {
  const own = parameters.filter((one) => field(one, 'in') === place && field(one, 'required') === true);
  return Object.fromEntries(own.map((one) => [String(field(one, 'name')), String(exampleOf(document, one))]));
}

function bodyOf(document: unknown, operation: object, parameters: readonly unknown[]): SketchRequest['body'] {
  const content = field(resolveRef(document, field(operation, 'requestBody')), 'content');
  const json = typeof content === 'object' && content !== null ? Object.entries(content).find(([type]) => type.includes('json'))?.[1] : undefined;
  const swagger = parameters.find((one) => field(one, 'in') === 'body');
  const described = json ?? swagger;
  return described === undefined ? null : { kind: 'json', value: exampleOf(document, described) };
}

function journeysOf(operations: readonly Operation[]): SketchJourney[] {
  return [...Map.groupBy(operations, ({ journey }) => journey)].map(([name, own]) => ({ name, requests: own.map(({ request }) => request) }));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
