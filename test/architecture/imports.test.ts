import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '../..');

/** May be imported from everywhere: data, errors, and two leaves that know nothing of scaleplan's stages. */
const LEAVES = ['errors.ts', 'model', 'process', 'yaml'];

/** Who may import whom, beside the leaves and its own folder. Arrows point away from the command line, towards the data. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'index.ts': ['engines', 'probes', 'reporters', 'diagnose'],
  cli: ['plan', 'load', 'scenario', 'config', 'run', 'judge', 'diagnose', 'capacity', 'stress', 'compare', 'reporters', 'demo', 'engines', 'probes', 'stats', 'doctor', 'init', 'import', 'watch'],
  run: ['engines', 'probes'],
  doctor: ['run', 'engines', 'probes'],
  load: ['stats', 'scenario'],
  judge: ['stats'],
  diagnose: ['stats'],
  capacity: ['stats'],
  stress: ['stats'],
  compare: ['stats'],
  engines: ['stats', 'scenario'],
  probes: ['stats'],
  reporters: ['stats'],
  import: ['stats'],
  watch: ['stats'],
  init: [], plan: [], scenario: [], config: [], demo: [], stats: [],
  'errors.ts': [], model: [], process: [], yaml: [],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = globSync('src/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.d.ts')).sort();
const imports = files.flatMap(importsOf);

describe('the direction of imports', () => {
  it('finds the sources', () => assert.ok(files.length > 20 && imports.length > files.length));

  it('follows the arrows between the stages', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [stage, other] = [stageOf(from), stageOf(to)];
      const allowed = ARROWS[stage] ?? assert.fail(`src/${stage} has no row in ARROWS`);
      return stage !== other && !allowed.includes(other) && !(LEAVES.includes(other) && !isLowerLeaf(stage, other));
    });
    assert.deepEqual(wrong.map(say), []);
  });

  it('keeps one engine from importing another', () => {
    const engineOf = (file: string): string | undefined => /^src\/engines\/([^/]+)\//.exec(file)?.[1];
    const wrong = imports.filter(({ from, to }) => engineOf(from) && engineOf(to) && engineOf(from) !== engineOf(to));
    assert.deepEqual(wrong.map(say), []);
  });

  it('has no circle', () => {
    const graph = Map.groupBy(imports, ({ from }) => from);
    const done = new Set<string>();
    const circle = files.map((file) => findCircle(file, [], graph, done)).find((found) => found !== null);
    assert.equal(circle ?? null, null);
  });

  it('keeps every file at 250 lines or less', () => {
    const long = files.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 251);
    assert.deepEqual(long, []);
  });
});

/** The leaves themselves have an order: errors at the bottom, then the model, then process and yaml. */
function isLowerLeaf(stage: string, other: string): boolean {
  const order = ['errors.ts', 'model', 'process', 'yaml'];
  return order.includes(stage) && order.indexOf(other) > order.indexOf(stage);
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g);
  return [...found].map(([, path]) => ({ from: file, to: normalize(join(dirname(file), path ?? '')) }));
}

function stageOf(file: string): string {
  return relative('src', file).split('/')[0] ?? '';
}

function findCircle(file: string, path: readonly string[], graph: ReadonlyMap<string, readonly Import[]>, done: Set<string>): string | null {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].join(' → ');
  if (done.has(file)) return null;
  for (const { to } of graph.get(file) ?? []) {
    const circle = findCircle(to, [...path, file], graph, done);
    if (circle) return circle;
  }
  done.add(file);
  return null;
}

function say({ from, to }: Import): string {
  return `${from} imports ${to}`;
}
