import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { usableK6 } from '../../../src/engines/k6/binary.ts';
import { noteUse, pruneBuilds } from '../../../src/engines/k6/builds.ts';
import { k6Sources } from '../../../src/engines/k6/sources.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

/** A cache with a folder of each name, last used so many days ago. */
async function inCache(days: Readonly<Record<string, number>>, use: (parent: string) => Promise<void>): Promise<void> {
  const parent = await mkdtemp(join(tmpdir(), 'k6-builds-'));
  try {
    for (const [name, ago] of Object.entries(days)) {
      await mkdir(join(parent, name));
      await writeFile(join(parent, name, 'k6'), 'a binary');
      await utimes(join(parent, name), NOW / 1000 - ago * 86_400, NOW / 1000 - ago * 86_400);
    }
    await use(parent);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

const build = (letter: string): string => `v2.2.0-${letter.repeat(12)}`;

test('builds of k6 that no run has used for 30 days go, but for the last three; what is ours alone is touched', () =>
  inCache({ [build('a')]: 400, [build('b')]: 31, [build('c')]: 40, [build('d')]: 50, [build('e')]: 29, 'my-notes': 900, 'v2.2.0-notes': 900 }, async (parent) => {
    assert.equal(await pruneBuilds(join(parent, build('a')), NOW), 2);
    assert.deepEqual((await readdir(parent)).sort(), ['my-notes', build('a'), build('b'), build('e'), 'v2.2.0-notes'].sort());
    assert.equal(await pruneBuilds(join(parent, build('a')), NOW), 0);
  }));

test('many builds used this month all stay', () => inCache({ [build('a')]: 0, [build('b')]: 3, [build('c')]: 4, [build('d')]: 5, [build('e')]: 6 }, async (parent) => {
  assert.equal(await pruneBuilds(join(parent, build('a')), NOW), 0);
}));

test('what a killed build left behind goes after a day, a build that is under way stays', () => inCache({ [build('a')]: 0, [`.${build('b')}-XyZ123`]: 2, [`.${build('c')}-AbC456`]: 0.01 }, async (parent) => {
  assert.equal(await pruneBuilds(join(parent, build('a')), NOW), 1);
  assert.deepEqual((await readdir(parent)).sort(), [`.${build('c')}-AbC456`, build('a')]);
}));

test('a run notes its use before it starts, so that its build cannot be among those that go', () => inCache({}, async (parent) => {
  const env = { XDG_CACHE_HOME: parent, SCALEPLAN_K6: undefined };
  const { binary, cacheFolder } = k6Sources(env);
  await mkdir(cacheFolder, { recursive: true });
  await writeFile(binary, '#!/bin/sh\necho "k6 v2.2.0 (go1.26.8, linux/amd64)"\necho "  scaleplan.invalid/k6 (devel), k6/x/scaleplan [js]"\necho "  scaleplan.invalid/k6 (devel), scaleplan [output]"\n');
  await chmod(binary, 0o755);
  await utimes(cacheFolder, 1, 1);
  assert.equal(await usableK6(env), binary);
  assert.ok(Date.now() - (await stat(cacheFolder)).mtimeMs < 60_000);
}));

test('a cache that is not there, or cannot be written to, is no fault', async () => {
  assert.equal(await pruneBuilds('/nowhere/at/all/v2.2.0-aaaaaaaaaaaa', NOW), 0);
  await noteUse('/nowhere/at/all', NOW);
});
