import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const dir = mkdtempSync(join(tmpdir(), 'set-up-test-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const LOCK = {
  packages: {
    '': {},
    'node_modules/artillery': { version: '2.0.34', optional: true },
    'node_modules/node': { version: '24.21.0', dev: true },
    'node_modules/only-elsewhere': { version: '1.0.0', optional: true },
  },
};

function write(file: string, content: unknown, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content), { mode });
}

/** A project of two packages, and an npm that writes down how it was called and "installs" what it is told to. */
function makeProject(name: string, installs: readonly string[]): { root: string; setUp(): { status: number | null; stderr: string }; calls(): string[] } {
  const root = join(dir, name);
  const calls = join(root, 'calls.txt');
  cpSync(join(ROOT, 'bin'), join(root, 'bin'), { recursive: true });
  write(join(root, 'package.json'), { type: 'module', devDependencies: { node: '24.21.0' } });
  write(join(root, 'package-lock.json'), LOCK);
  write(calls, '');
  const npm = join(root, 'npm-cli.cjs');
  write(
    npm,
    `const fs = require('fs'), path = require('path');
     fs.appendFileSync(${JSON.stringify(calls)}, process.argv.slice(2, 3) + ' ' + process.env.PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD + '\\n');
     const put = (file, text) => { file = path.join(${JSON.stringify(root)}, file); fs.mkdirSync(path.dirname(file), { recursive: true }); fs.writeFileSync(file, text, { mode: 0o755 }); };
     const lock = ${JSON.stringify(LOCK)}, all = ${JSON.stringify(installs)};
     const packages = Object.fromEntries(Object.entries(lock.packages).filter(([key]) => all.some((name) => key.endsWith('/' + name))));
     put('node_modules/.package-lock.json', JSON.stringify({ packages }));
     for (const [key, { version }] of Object.entries(packages)) put(key + '/package.json', JSON.stringify({ version }));
     put('node_modules/.bin/node', '');`,
  );
  return {
    root,
    setUp() {
      const env = { ...process.env, npm_execpath: npm, SCALEPLAN_REDIS_SERVER: 'left out of this test', NODE_TEST_CONTEXT: undefined };
      return spawnSync(process.execPath, [join(root, 'bin/set-up.js')], { env, encoding: 'utf8' });
    },
    calls: () => readFileSync(calls, 'utf8').trim().split('\n').filter(Boolean),
  };
}

test('dependencies are installed once, without a browser download, and a second call does nothing', () => {
  const project = makeProject('once', ['artillery', 'node']);
  const first = project.setUp();
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stderr, /npm ci.* \d+\.\d s/);
  assert.equal(project.calls().at(-1), 'ci 1');
  const before = project.calls().length;
  const second = project.setUp();
  assert.deepEqual([second.status, second.stderr], [0, '']);
  assert.equal(project.calls().length, before);
});

test('artillery silently left out by npm is an error that names it', () => {
  const { status, stderr } = makeProject('without-artillery', ['node']).setUp();
  assert.equal(status, 1);
  assert.match(stderr, /npm ci ended well, but artillery is missing/);
});

test('a lock file that moved on, and a package that went missing, bring npm ci again', () => {
  const project = makeProject('again', ['artillery', 'node']);
  project.setUp();
  const before = project.calls().length;
  write(join(project.root, 'package-lock.json'), { packages: { ...LOCK.packages, 'node_modules/node': { version: '24.99.0' } } });
  assert.match(project.setUp().stderr, /node_modules\/node is 24\.21\.0 instead of 24\.99\.0/);
  assert.equal(project.calls().length, before + 1);
  write(join(project.root, 'package-lock.json'), LOCK);
  rmSync(join(project.root, 'node_modules/artillery'), { recursive: true });
  assert.equal(project.setUp().status, 0);
  assert.equal(project.calls().length, before + 2);
});

test('the set-up is JavaScript that Node 18 can read, and names no address', () => {
  for (const file of ['set-up.js', ...['browser', 'debian', 'dependencies', 'place', 'redis', 'step'].map((name) => `set-up/${name}.js`)]) {
    const text = readFileSync(join(ROOT, 'bin', file), 'utf8');
    assert.doesNotMatch(text, /https?:\/\//, file);
    assert.doesNotMatch(text, /import\.meta\.(dirname|filename)|with \{ type|\.toSorted\(|\.toReversed\(|^using /m, file);
  }
});

test('here, where all is set up, the set-up says nothing', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin/set-up.js')], { encoding: 'utf8', timeout: 60_000 });
  assert.deepEqual([status, stderr], [0, '']);
});
