/** As much of JSON Schema as the schema of plan files uses; true where the value fits. */
export function fits(value: unknown, schema: unknown, root: unknown = schema): boolean {
  if (!isMap(schema)) return true;
  const { $ref: ref, if: when, anyOf, type, enum: among, const: only, required, properties, items, additionalProperties: more } = schema;
  if (typeof ref === 'string' && !fits(value, resolve(ref, root), root)) return false;
  if (when !== undefined && !fits(value, fits(value, when, root) ? schema['then'] : schema['else'], root)) return false;
  if (Array.isArray(anyOf) && !anyOf.some((one) => fits(value, one, root))) return false;
  if (type !== undefined && ![type].flat().some((name) => isOfType(value, name))) return false;
  if (Array.isArray(among) && !among.includes(value)) return false;
  if (only !== undefined && value !== only) return false;
  if (Array.isArray(value)) return value.every((item) => fits(item, items, root));
  if (!isMap(value)) return true;
  if (Array.isArray(required) && !required.every((key) => String(key) in value)) return false;
  return Object.entries(value).every(([key, inside]) => {
    const own = isMap(properties) ? properties[key] : undefined;
    if (own !== undefined) return fits(inside, own, root);
    return more !== false && fits(inside, more, root);
  });
}

function isOfType(value: unknown, name: unknown): boolean {
  switch (name) {
    case 'object': return isMap(value);
    case 'array': return Array.isArray(value);
    case 'null': return value === null;
    case 'integer': return Number.isInteger(value);
    default: return typeof value === name;
  }
}

function resolve(ref: string, root: unknown): unknown {
  return ref.replace(/^#\//, '').split('/').reduce((inside, key) => (isMap(inside) ? inside[key] : undefined), root);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
