import assert from 'node:assert/strict';
import { test } from 'node:test';

import { z } from 'zod';

import { ScaleplanError } from '../../src/errors.ts';
import { checkShape } from '../../src/yaml/check.ts';
import { readYaml } from '../../src/yaml/read.ts';

const step = z.union([
  z.string(),
  z.strictObject({ get: z.strictObject({ url: z.string(), retries: z.number().optional() }) }),
  z.strictObject({ wait: z.number() }),
]);
const schema = z.strictObject({
  id: z.string(),
  rate: z.number().min(1).optional(),
  mode: z.enum(['open', 'closed']).optional(),
  steps: z.array(step).min(1).optional(),
  limits: z.partialRecord(z.enum(['latency', 'errors']), z.number()).optional(),
  shape: z.discriminatedUnion('type', [z.strictObject({ type: z.literal('ramp'), to: z.number() }), z.strictObject({ type: z.literal('flat') })]).optional(),
});

function faults(text: string): { readonly lines: readonly string[]; readonly error: ScaleplanError } {
  try {
    checkShape(readYaml('f.yaml', text, 'wrong-plan'), schema, 'wrong-plan');
  } catch (error) {
    assert.ok(error instanceof ScaleplanError);
    return { lines: error.message.split('\n'), error };
  }
  return assert.fail('the file was accepted');
}

const table: readonly (readonly [title: string, text: string, ...lines: readonly string[]])[] = [
  ['a wrong type points at the value', 'id: a\nrate: "33"\n', 'f.yaml:2:7  rate: expected a number, got "33"'],
  ['an unknown key points at the key and suggests the nearest', 'id: a\nrat: 3\n', 'f.yaml:2:1  unknown key "rat"; did you mean "rate"?'],
  ['an unknown key without a near name lists what is valid', 'id: a\nzzz: 3\n', 'f.yaml:2:1  unknown key "zzz"; expected one of id, rate, mode, steps, limits, shape'],
  ['a missing key is named with what it should be', 'rate: 3\n', 'f.yaml:1:1  id: missing; expected a text'],
  ['a wrong choice suggests the nearest one', 'id: a\nmode: opne\n', 'f.yaml:2:7  mode: expected one of "open", "closed", got "opne"; did you mean "open"?'],
  ['a number out of range says the limit', 'id: a\nrate: 0\n', 'f.yaml:2:7  rate: expected at least 1, got 0'],
  ['an empty list says how many entries are wanted', 'id: a\nsteps: []\n', 'f.yaml:2:1  steps: expected at least 1 entry, got an empty list'],
  ['a key without a value is said to hold nothing', 'id:\n', 'f.yaml:1:4  id: expected a text, got nothing'],
  ['a record over fixed names suggests the nearest', 'id: a\nlimits: {latncy: 3}\n', 'f.yaml:2:10  limits: unknown key "latncy"; did you mean "latency"?'],
  ['a union points into the branch that fits best', 'id: a\nsteps:\n  - get:\n      url: /\n      retries: many\n', 'f.yaml:5:16  steps[0].get.retries: expected a number, got "many"'],
  ['a union points at a typo deep inside a branch', 'id: a\nsteps:\n  - get: {ulr: /}\n', 'f.yaml:3:5  steps[0].get.url: missing; expected a text', 'f.yaml:3:11  steps[0].get: unknown key "ulr"; did you mean "url"?'],
  ['a union that fits no branch names all of them', 'id: a\nsteps: [3]\n', 'f.yaml:2:9  steps[0]: expected a text or a map, got 3'],
  ['a discriminated union names its alternatives', 'id: a\nshape: {type: rmap}\n', 'f.yaml:2:15  shape.type: expected one of "ramp", "flat", got "rmap"; did you mean "ramp"?'],
  ['several faults are told at once, in the order of the file', 'mode: x\nrate: y\nfoo: 1\nid: a\n',
    'f.yaml:1:7  mode: expected one of "open", "closed", got "x"', 'f.yaml:2:7  rate: expected a number, got "y"',
    'f.yaml:3:1  unknown key "foo"; expected one of id, rate, mode, steps, limits, shape'],
];

for (const [title, text, ...lines] of table) {
  test(title, () => assert.deepEqual(faults(text).lines, lines));
}

test('the error carries the place of its first line', () => {
  assert.deepEqual(faults('id: a\nrate: y\nmode: z\n').error.place, { file: 'f.yaml', line: 2, column: 7 });
});

test('a list of a thousand faults ends after fifty lines with the number of the others', () => {
  const { lines } = faults(`id: a\nsteps:\n${'  - 3\n'.repeat(1000)}`);
  assert.equal(lines.length, 51);
  assert.equal(lines.at(-1), '… and 950 more');
});

test('a right file comes back as the schema makes it', () => {
  const value = checkShape(readYaml('f.yaml', 'id: a\nrate: 2\n', 'wrong-plan'), schema, 'wrong-plan');
  assert.deepEqual(value, { id: 'a', rate: 2 });
});

test('a message of the schema itself is printed as it is', () => {
  const own = z.object({ id: z.string().refine((id) => id !== 'a', 'is taken by another plan') });
  assert.throws(() => checkShape(readYaml('f.yaml', 'id: a\n', 'wrong-plan'), own, 'wrong-plan'), { message: 'f.yaml:1:5  id: is taken by another plan' });
});
