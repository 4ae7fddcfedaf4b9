import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { parsePlan } from '../../src/plan/load.ts';
import { readYaml } from '../../src/yaml/read.ts';
import { entriesOf, figuresIn } from './figures-in.ts';

interface DocumentFigures {
  readonly plan: string;
  readonly document: string;
  readonly lines: Readonly<Record<string, readonly string[]>>;
}

const folder = new URL('figures/', import.meta.url);

for (const name of readdirSync(folder)) {
  const document = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as DocumentFigures;
  const file = new URL(`../../thresholds/${document.plan}.yaml`, import.meta.url).pathname;
  const text = readFileSync(file, 'utf8');
  const plan = parsePlan(file, text);
  const entries = entriesOf(readYaml(file, text, 'wrong-plan').value);
  const omitted = new Set(plan.omitted.map(({ line }) => line));

  test(`${document.plan}: every figure of the document stands in an entry that cites its line, or the line is left out with a reason`, () => {
    assert.equal(plan.source.document, document.document);
    const missing = Object.entries(document.lines).filter(([line]) => !omitted.has(Number(line))).flatMap(([line, figures]) => {
      const cited = new Set(entries.filter(({ lines }) => lines.includes(Number(line))).flatMap((entry) => entry.figures));
      return figures.flatMap(figuresIn).filter((figure) => !cited.has(figure)).map((figure) => `line ${line}: ${figure}`);
    });
    assert.deepEqual(missing, []);
  });

  test(`${document.plan}: no entry gives a figure that the lines it cites do not hold`, () => {
    const invented = entries.filter(({ lines }) => lines.length > 0).flatMap(({ path, lines, figures }) => {
      const said = new Set(lines.flatMap((line) => document.lines[line] ?? []).flatMap(figuresIn));
      return figures.filter((figure) => !said.has(figure) && !isNoFigure(figure)).map((figure) => `${path}: ${figure} is not on line ${lines.join(', ')}`);
    });
    assert.deepEqual(invented, []);
  });

  test(`${document.plan}: a figure without a line stands nowhere but where our own assumptions do`, () => {
    const homeless = entries.filter(({ lines, figures, path, assumed }) => lines.length === 0 && figures.length > 0 && path !== '.title' && !assumed).map(({ path, figures }) => `${path}: ${figures.join(', ')}`);
    assert.deepEqual(homeless, []);
  });

  test(`${document.plan}: a line that is left out carries no condition`, () => {
    assert.deepEqual(entries.filter(({ lines }) => lines.some((line) => omitted.has(line))).map(({ path }) => path), []);
  });
}

/** `> 0` says "at all": the document's words, not its figure. */
function isNoFigure(figure: string): boolean {
  return figure.startsWith('0 ');
}

test('figures are compared in canonical units, both ends of a range apart', () => {
  assert.deepEqual(figuresIn('http.p95{journey=dashboard} < 0.5 s'), ['500 ms']);
  assert.deepEqual(figuresIn('$1,000-2,000/month'), ['1000 USD', '2000 USD']);
  assert.deepEqual(figuresIn('phase2 and p95 hold none'), []);
  assert.deepEqual(figuresIn('10,000+ users in 3-6 months'), ['10000 1', '13 week', '26 week']);
  assert.deepEqual(figuresIn('15K-20K users, weeks 7-12, 3-5x'), ['15000 1', '20000 1', '7 1', '12 1', '3 1', '5 1']);
});

test('a figure beside an assumption is ours, one with a line of its own is the document’s all the same', () => {
  const entries = entriesOf({ at: 7, load: { rate: 2, users: '500 @3', assumes: ['x'] }, cost: '$5' });
  assert.deepEqual(entries.map(({ path, lines, assumed }) => [path, lines, assumed]), [['.load.rate', [], true], ['.load.users', [3], false], ['.cost', [7], false]]);
});
