import { z } from 'zod';

import { planFileSchema } from '../model/plan-file.ts';
import { LISTS_BY_ID, WHOLE } from './layer.ts';

/** The part of JSON Schema that is written here. */
interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
}

const BASE: JsonSchema = {
  type: 'string', minLength: 1,
  description: 'Id of a plan that ships with scaleplan, or the path of a plan file relative to this one. What stands here is laid over it.',
};

/**
 * The shape of plan files for editors: with `extends` nothing else but an id is asked for. What a schema cannot say (grammar
 * of conditions, figures with their units, addresses) is left to `plan check`.
 */
export function planJsonSchema(): JsonSchema {
  // Zod's type of its result is wider than what comes out for this schema.
  const { $schema, $defs, ...whole } = z.toJSONSchema(planFileSchema, { io: 'input' }) as JsonSchema;
  return {
    $schema, title: 'A scaleplan plan file', type: 'object',
    properties: { extends: BASE },
    if: { required: ['extends'] },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema; nobody awaits this
    then: extending(whole),
    else: whole,
    $defs,
  };
}

function extending(whole: JsonSchema): JsonSchema {
  const { id, ...properties } = loosened(whole).properties ?? {};
  return { type: 'object', properties: { extends: BASE, ...(id === undefined ? {} : { id: whole.properties?.['id'] ?? id }), ...properties }, required: ['extends', 'id'], additionalProperties: false };
}

/** A map laid over another: no key must be there, and nothing takes an inherited one away. */
function loosened(map: JsonSchema): JsonSchema {
  const { required: _required, ...rest } = map;
  const properties = Object.entries(map.properties ?? {}).map(([key, inside]): [string, JsonSchema] => [key, { anyOf: [laidOver(key, inside), { type: 'null' }] }]);
  return { ...rest, properties: Object.fromEntries(properties) };
}

function laidOver(key: string, inside: JsonSchema): JsonSchema {
  if (LISTS_BY_ID.has(key) && inside.items !== undefined) return { type: 'array', items: entry(inside.items) };
  return inside.properties === undefined || WHOLE.has(key) ? inside : loosened(inside);
}

/** An entry laid over the one of the same id, or the word to take that away. */
function entry(item: JsonSchema): JsonSchema {
  const id = item.properties?.['id'] ?? {};
  const merged = loosened(item);
  return {
    anyOf: [
      { ...merged, properties: { ...merged.properties, id }, required: ['id'] },
      { type: 'object', properties: { id, remove: { const: true } }, required: ['id', 'remove'], additionalProperties: false },
    ],
  };
}
