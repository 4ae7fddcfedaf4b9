import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellValue, createVariableSource, parseCsv, renderText, renderValue, templateFault, variablesUsed } from '../../src/scenario/variables.ts';

/** Chance that gives these numbers in turn, over and over. */
function fixed(...numbers: number[]): () => number {
  let at = 0;
  return () => numbers[at++ % numbers.length] ?? 0;
}

const variables = { id: 7, name: 'Ada', user: { tags: ['a', 'b'], 'full name': 'Ada L' }, none: null };

test('a text takes variables, paths into them and several templates', () => {
  assert.equal(renderText('/u/{{ id }}?n={{name}}', variables, Math.random), '/u/7?n=Ada');
  assert.equal(renderText('{{ user.tags[1] }}', variables, Math.random), 'b');
  assert.equal(renderText("{{ user['full name'] }}", variables, Math.random), 'Ada L');
  assert.equal(renderText('{{ user.tags }}', variables, Math.random), '["a","b"]');
});

test('a variable that is not there is written as Artillery writes it, and nothing is inherited', () => {
  assert.equal(renderText('/{{ missing }}', variables, Math.random), '/undefined');
  assert.equal(renderText('/{{ constructor }}/{{ name.length }}', variables, Math.random), '/undefined/undefined');
});

test('in a JSON body a lone template keeps the type of its value, a mixed one becomes text', () => {
  const body = { userId: '{{ id }}', text: 'user {{ id }}', tags: '{{ user.tags }}', list: ['{{ name }}', 3], '{{ name }}': true };
  assert.deepEqual(renderValue(body, variables, Math.random), {
    userId: 7, text: 'user 7', tags: ['a', 'b'], list: ['Ada', 3], Ada: true,
  });
});

test('a value of a variable is not read as a template again', () => {
  assert.equal(renderText('{{ a }}', { a: '{{ b }}', b: 'secret' }, Math.random), '{{ b }}');
});

test('$randomNumber reaches both its ends and nothing beyond', () => {
  assert.equal(renderText('{{ $randomNumber(3, 9) }}', {}, fixed(0)), '3');
  assert.equal(renderText('{{ $randomNumber(3,9) }}', {}, fixed(0.999999)), '9');
  assert.equal(renderText('{{ $randomNumber(9, 3) }}', {}, fixed(0)), '3');
  assert.equal(renderValue('{{ $randomNumber(3, 9) }}', {}, fixed(0)), '3');
});

test('$randomString has the length asked for, ten without one, and letters and digits only', () => {
  assert.match(renderText('{{ $randomString(24) }}', {}, Math.random), /^[A-Za-z0-9]{24}$/);
  assert.match(renderText('{{ $randomString() }}', {}, Math.random), /^[A-Za-z0-9]{10}$/);
});

test('a template that cannot be read is named', () => {
  assert.equal(templateFault('/a/{{ id }}/{{ $randomString(4) }}'), null);
  assert.match(templateFault('{{ $uuidv7() }}') ?? '', /\$uuidv7\(\) is not known/);
  assert.match(templateFault('{{ a + b }}') ?? '', /cannot be read/);
  assert.match(templateFault('/a/{{ id') ?? '', /never closed/);
});

test('the variables a body uses are found in keys and values, by their first name', () => {
  assert.deepEqual([...variablesUsed({ a: ['{{ user.id }} {{ x[0] }}'], '{{ key }}': '{{ $randomNumber(1,2) }}' })].sort(), ['key', 'user', 'x']);
});

test('a cell is what artillery’s reader makes of it: a number where it reads as one', () => {
  const cells = ['7', '007', '1.50', '-3', '1e3', ' 7', '', 'x7', '7x', 'Infinity', '2026-01-02'].map(cellValue);
  assert.deepEqual(cells, [7, 7, 1.5, -3, 1000, 7, '', 'x7', '7x', 'Infinity', '2026-01-02']);
});

test('payload rows come in turn and start over, several payloads in step, the script’s own variables win', () => {
  const next = createVariableSource(
    { region: ['eu'], city: ['fixed'] },
    [
      { fields: ['city', 'zip'], order: 'sequence', rows: [['Bonn', '1'], ['Köln', '2']] },
      { fields: ['n'], order: 'sequence', rows: [['a'], ['b'], ['c']] },
    ],
    Math.random,
  );
  assert.deepEqual([next(), next(), next()], [
    { city: 'fixed', zip: 1, n: 'a', region: 'eu' },
    { city: 'fixed', zip: 2, n: 'b', region: 'eu' },
    { city: 'fixed', zip: 1, n: 'c', region: 'eu' },
  ]);
});

test('payload rows by chance may be any row, the last one too', () => {
  const next = createVariableSource({}, [{ fields: ['n'], order: 'random', rows: [['a'], ['b']] }], fixed(0.99, 0));
  assert.deepEqual([next(), next()], [{ n: 'b' }, { n: 'a' }]);
});

test('CSV: quotes, doubled quotes, line ends within quotes, CRLF, a header to skip, a byte order mark', () => {
  assert.deepEqual(parseCsv('\uFEFFid;t\r\n1;"a;""b""\nc"\r\n\r\n2;\r\n', { delimiter: ';', skipHeader: true }), [['1', 'a;"b"\nc'], ['2', '']]);
  assert.deepEqual(parseCsv('1,2', { delimiter: ',', skipHeader: false }), [['1', '2']]);
});
