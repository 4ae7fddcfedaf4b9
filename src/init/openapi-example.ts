/** Schemas may name themselves; what is deeper than this is left out. */
const DEEPEST = 6;

/** A value for a parameter, a media type or a schema: its own example, else what its type allows. */
export function exampleOf(document: unknown, described: unknown, depth = 0): unknown {
  const one = resolveRef(document, described);
  const examples = field(one, 'examples');
  const first: unknown = Array.isArray(examples) ? examples[0] : field(Object.values(typeof examples === 'object' && examples !== null ? examples : {})[0], 'value');
  const given = field(one, 'example') ?? first ?? field(one, 'default') ?? listed(field(one, 'enum')) ?? field(one, 'const');
  if (given !== undefined) return given;
  const schema = field(one, 'schema');
  if (schema !== undefined) return exampleOf(document, schema, depth);
  return depth > DEEPEST ? null : byType(document, one, depth);
}

function byType(document: unknown, schema: unknown, depth: number): unknown {
  const inner = listed(field(schema, 'oneOf')) ?? listed(field(schema, 'anyOf'));
  if (inner !== undefined) return exampleOf(document, inner, depth + 1);
  const all = field(schema, 'allOf');
  if (Array.isArray(all)) return Object.assign({}, ...all.map((part) => exampleOf(document, part, depth + 1)).filter((part) => typeof part === 'object')) as unknown;
  const type = typeOf(schema);
  if (type === 'object') return properties(document, schema, depth);
  if (type === 'array') return [exampleOf(document, field(schema, 'items'), depth + 1)];
  if (type === 'integer' || type === 'number') return field(schema, 'minimum') ?? 1;
  if (type === 'boolean') return true;
  return FORMATS[String(field(schema, 'format'))] ?? 'example';
}

const FORMATS: Readonly<Record<string, string>> = {
  uuid: '00000000-0000-4000-8000-000000000000', date: '2026-01-31', 'date-time': '2026-01-31T12:00:00Z', email: 'load@example.org', uri: 'https://example.org',
};

/** OpenAPI 3.1 has lists of types; "null" is none to try. */
function typeOf(schema: unknown): unknown {
  const type = field(schema, 'type');
  if (Array.isArray(type)) return type.find((one) => one !== 'null');
  return type ?? (field(schema, 'properties') === undefined ? undefined : 'object');
}

function properties(document: unknown, schema: unknown, depth: number): Record<string, unknown> {
  const all = field(schema, 'properties');
  const required = field(schema, 'required');
  const entries = Object.entries(typeof all === 'object' && all !== null ? all : {});
  const wanted = Array.isArray(required) ? entries.filter(([name]) => required.includes(name)) : entries;
  return Object.fromEntries(wanted.map(([name, one]) => [name, exampleOf(document, one, depth + 1)]));
}

/** Follows `$ref` within the document; what points elsewhere is left as it is. */
export function resolveRef(document: unknown, value: unknown): unknown {
  let at = value;
  for (let hop = 0; hop < DEEPEST; hop += 1) {
    const ref = field(at, '$ref');
    if (typeof ref !== 'string' || !ref.startsWith('#/')) return at;
    at = ref.slice(2).split('/').reduce<unknown>((inside, part) => field(inside, decodeURIComponent(part.replaceAll('~1', '/').replaceAll('~0', '~'))), document);
  }
  return at;
}

export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

function listed(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}
