import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { env, execPath } from 'node:process';
import { test } from 'node:test';
import { checkK6 } from '../../../src/engines/k6/binary.ts';
import { installK6, type Installed } from '../../../src/engines/k6/install.ts';
import { k6Sources } from '../../../src/engines/k6/sources.ts';

const VERSION = 'k6 v2.2.0 (go1.26.8, linux/amd64)';
const EXTENSIONS = 'Extensions:\n  scaleplan.invalid/k6 (devel), k6/x/scaleplan [js]\n  scaleplan.invalid/k6 (devel), scaleplan [output]';

/** A Go in words: says its version and writes an "xk6" that writes a "k6"; each build is a line in `built`. */
function goScript(version: string, build: string): string {
  return `#!/bin/sh\nif [ "$1" = env ]; then echo "${version}"; exit 0; fi\n${build}\n`;
}

const BUILDS = `echo go >> "$BUILT"\nsleep 0.3\ncat > "$3" <<'END'\n#!/bin/sh\necho xk6 >> "$BUILT"\nprintf '#!/bin/sh\\necho "${VERSION}"\\nprintf "${EXTENSIONS.replaceAll('\n', '\\\\n')}"\\n' > "$6"\nEND\nchmod +x "$3"`;

interface Place {
  readonly env: Record<string, string | undefined>;
  readonly built: () => Promise<string[]>;
  readonly install: (signal?: AbortSignal) => Promise<Installed>;
  readonly said: string[];
}

/** Runs with a cache of its own, and on the PATH only the Go of this script (null: none) and what a shell needs. */
async function inPlace(go: string | null, use: (place: Place) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'k6-install-'));
  try {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    if (go !== null) {
      await writeFile(join(bin, 'go'), go);
      await chmod(join(bin, 'go'), 0o755);
    }
    await writeFile(join(bin, 'git'), '#!/bin/sh\necho git version 2\n');
    await chmod(join(bin, 'git'), 0o755);
    const path = [bin, dirname(execPath), ...(go === null ? [] : ['/usr/bin', '/bin'])].join(delimiter);
    const own = { ...env, PATH: path, XDG_CACHE_HOME: join(folder, 'cache'), BUILT: join(folder, 'built'), SCALEPLAN_K6: undefined };
    const said: string[] = [];
    await use({
      env: own, said,
      built: async () => (await readFile(own.BUILT, 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
      install: (signal = new AbortController().signal) => installK6({ env: own, signal, report: (what) => said.push(what) }),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('k6 is built once and kept under a key of versions and sources; several installs at once build it once, too', () => inPlace(goScript('go1.26.8', BUILDS), async ({ env: own, install, built, said }) => {
  const at = await checkK6(own);
  assert.ok(!at.usable && /not been built yet/.test(at.reason) && /scaleplan engines install k6/.test(at.hint));
  const results = await Promise.all([install(), install(), install()]);
  assert.deepEqual(await built(), ['go', 'xk6']);
  assert.equal(results.filter(({ isNew }) => isNew).length, 1);
  const { binary, cacheFolder } = k6Sources(own);
  assert.deepEqual(new Set(results.map(({ file }) => file)), new Set([binary]));
  assert.match(binary, /cache\/scaleplan\/k6\/v2\.2\.0-[0-9a-f]{12}\/k6/);
  assert.ok(said.some((what) => what.includes('waiting')) && said.some((what) => what.includes('1 of 2')) && said.some((what) => what.includes('2 of 2')), said.join('\n'));
  assert.deepEqual(await readdir(dirname(cacheFolder)), [cacheFolder.slice(dirname(cacheFolder).length + 1)], 'no lock, no half-built folder stays');
  assert.deepEqual(await checkK6(own), { usable: true, version: '2.2.0' });
  assert.equal((await install()).isNew, false);
  assert.deepEqual(await built(), ['go', 'xk6']);
}));

test('a lock left behind by a process that died is taken over', () => inPlace(goScript('go1.26.8', BUILDS), async ({ env: own, install }) => {
  const { cacheFolder } = k6Sources(own);
  await mkdir(dirname(cacheFolder), { recursive: true });
  // Above the largest pid there can be.
  await writeFile(`${cacheFolder}.lock`, '99999999');
  assert.equal((await install()).isNew, true);
}));

for (const [what, go, message] of [
  ['no Go', null, /there is no Go on the PATH: Go 1\.25\.0 or newer is needed/],
  ['a Go that is too old', goScript('go1.24.9', 'exit 1'), /needs Go 1\.25\.0 or newer to be built, and the Go on the PATH is 1\.24\.9/],
  ['no network', goScript('go1.26.8', 'echo "go: go.k6.io/xk6@v1.4.11: Get \\"https://proxy.example/x\\": dial tcp: lookup proxy.example: no such host" >&2; exit 1'), /modules of k6 cannot be fetched: .*no such host/],
  ['a build that fails', goScript('go1.26.8', 'echo "x.go:1: undefined: y" >&2; exit 1'), /could not be built: x\.go:1: undefined: y/],
] as const) {
  test(`${what}: one sentence says so, with what to do, and nothing is left behind`, () => inPlace(go, async ({ env: own, install }) => {
    await assert.rejects(install(), (error: unknown) => {
      assert.ok(error instanceof Error && 'code' in error && 'hint' in error && 'exitCode' in error);
      assert.equal(error.code, 'engine-missing');
      assert.equal(error.exitCode, 3);
      assert.match(error.message, message);
      assert.ok(String(error.hint).length > 20);
      return true;
    });
    assert.deepEqual(await readdir(dirname(k6Sources(own).cacheFolder)).catch(() => []), []);
  }));
}

test('SCALEPLAN_K6: one that is not there, is no k6, or lacks the extension is refused with the command that makes a right one', () => inPlace(null, async ({ env: own }) => {
  const folder = dirname(own['PATH']?.split(delimiter)[0] ?? '');
  const write = async (name: string, text: string): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, `#!/bin/sh\n${text}\n`);
    await chmod(file, 0o755);
    return file;
  };
  const bare = await write('bare', `echo '${VERSION}'`);
  const other = await write('other', 'echo hello');
  const right = await write('my-k6', `echo '${VERSION.replace('k6 ', 'my-k6 ')}'; printf '${EXTENSIONS}'`);
  for (const [file, reason] of [[join(folder, 'nowhere'), /no such file/], [other, /is no k6/], [bare, /is k6 2\.2\.0 without scaleplan’s extension/]] as const) {
    const check = await checkK6({ ...own, SCALEPLAN_K6: file });
    assert.ok(!check.usable && reason.test(check.reason) && check.hint.includes('scaleplan engines install k6'), JSON.stringify(check));
  }
  const withCommand = await checkK6({ ...own, SCALEPLAN_K6: bare });
  assert.ok(!withCommand.usable && /xk6 build v2\.2\.0 --with scaleplan\.invalid\/k6=\S+extension -o k6/.test(withCommand.hint));
  assert.deepEqual(await checkK6({ ...own, SCALEPLAN_K6: right }), { usable: true, version: '2.2.0' });
}));

test('an interrupted build ends its processes and leaves nothing behind', () => inPlace(goScript('go1.26.8', 'sleep 30'), async ({ env: own, install }) => {
  const stopping = new AbortController();
  setTimeout(() => stopping.abort(), 300);
  await assert.rejects(install(stopping.signal), /interrupted/);
  assert.deepEqual(await readdir(dirname(k6Sources(own).cacheFolder)).catch(() => []), []);
}));
