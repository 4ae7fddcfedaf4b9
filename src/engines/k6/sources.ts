import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { arch, env as ownEnv, platform } from 'node:process';
import { fileURLToPath } from 'node:url';

type Environment = Readonly<Record<string, string | undefined>>;

/** Name under which Go knows our extension: `.invalid` is nobody's (RFC 2606), so nothing can ever be fetched under it. */
export const MODULE = 'scaleplan.invalid/k6';

/** What is built, and where it is kept. */
export interface K6Sources {
  /** The Go module with our extension. */
  readonly folder: string;
  /** As in `v2.2.0`. */
  readonly k6Version: string;
  /** The oldest Go that k6 builds with, as in `1.25.0`. */
  readonly goVersion: string;
  /** Everything the binary follows from: another version, source or kind of machine is another folder. */
  readonly cacheFolder: string;
  readonly binary: string;
}

/** The sources are Go's, so they lie in `src` in the package, too: three folders up from here both in src and in dist. */
export function k6Sources(env: Environment = ownEnv, folder: string = fileURLToPath(new URL('../../../src/engines/k6/extension/', import.meta.url))): K6Sources {
  const names = readdirSync(folder).filter((name) => /\.(?:go|mod|sum)$/.test(name) && !name.endsWith('_test.go')).sort();
  const texts = names.map((name) => readFileSync(join(folder, name), 'utf8'));
  const goMod = texts[names.indexOf('go.mod')] ?? '';
  const k6Version = /^\s*go\.k6\.io\/k6\/v\d+ (v\S+)/m.exec(goMod)?.[1];
  const goVersion = /^go (\S+)/m.exec(goMod)?.[1];
  if (k6Version === undefined || goVersion === undefined) throw new Error(`${folder}/go.mod does not say which k6 and which Go`);
  const hash = createHash('sha256').update(JSON.stringify([platform, arch, names, texts])).digest('hex').slice(0, 12);
  const cacheFolder = join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'scaleplan', 'k6', `${k6Version}-${hash}`);
  return { folder, k6Version, goVersion, cacheFolder, binary: join(cacheFolder, platform === 'win32' ? 'k6.exe' : 'k6') };
}
