import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ScaleplanError } from '../../errors.ts';

const run = promisify(execFile);

/** Where bin/set-up.js unpacks Debian's packages without installing them; the same from src/ and from dist/. */
const UNPACKED = fileURLToPath(new URL('../../../.cache/debian/redis', import.meta.url));

const INSTALL = `Install it, or name the program with SCALEPLAN_REDIS_SERVER:
  Debian, Ubuntu   sudo apt-get install redis-server
  Fedora           sudo dnf install redis   (or valkey)
  macOS            brew install redis`;

export interface FoundRedis {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
}

/** What SCALEPLAN_REDIS_SERVER names, else the PATH's redis-server or valkey-server, else the set-up's private copy. Throws `server-missing`. */
export async function findRedis(): Promise<FoundRedis> {
  const named = process.env['SCALEPLAN_REDIS_SERVER'];
  const isNamed = named !== undefined && named !== '';
  const refused: string[] = [];
  for (const { command, env } of isNamed ? [{ command: named, env: {} }] : candidates()) {
    try {
      const { stdout } = await run(command, ['--version'], { env: { ...process.env, ...env }, timeout: 10_000 });
      return { command, env, version: /v=(\S+)/.exec(stdout)?.[1] ?? 'unknown' };
    } catch (error) {
      const text = error instanceof Error ? error.message.trim() : String(error);
      refused.push(`\n  ${command}${isNamed ? ' (SCALEPLAN_REDIS_SERVER)' : ''}: ${text.split('\n').at(-1) ?? text}`);
    }
  }
  throw new ScaleplanError('server-missing', `Redis was not found${refused.length === 0 ? '' : `; tried and refused:${refused.join('')}`}`, {
    hint: INSTALL,
  });
}

function candidates(): { command: string; env: Record<string, string> }[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = ['redis-server', 'valkey-server'].flatMap((name) => folders.map((folder) => ({ command: join(folder, name), env: {} })));
  return [...onPath, { command: join(UNPACKED, 'usr/bin/redis-server'), env: unpackedLibraries() }].filter(({ command }) => existsSync(command));
}

function unpackedLibraries(): Record<string, string> {
  const folders = ['usr/lib', 'lib'].map((folder) => join(UNPACKED, folder)).filter((folder) => existsSync(folder));
  // Debian keeps libraries one level down, in a folder named after the processor.
  const libraries = folders.flatMap((folder) => [...readdirSync(folder).filter((name) => name.includes('-linux-')).map((name) => join(folder, name)), folder]);
  return libraries.length === 0 ? {} : { LD_LIBRARY_PATH: [...libraries, process.env['LD_LIBRARY_PATH'] ?? ''].filter(Boolean).join(delimiter) };
}
