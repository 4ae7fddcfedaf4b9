import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { env as ownEnv } from 'node:process';
import { ScaleplanError } from '../../errors.ts';
import { inspectK6 } from './binary.ts';
import { pruneBuilds } from './builds.ts';
import { lockInstall } from './install-lock.ts';
import { k6Sources, MODULE, type K6Sources } from './sources.ts';
import { findGo, runGo, type Go } from './go.ts';

export interface InstallOptions {
  readonly report: (what: string) => void;
  readonly signal: AbortSignal;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Installed {
  readonly file: string;
  readonly version: string;
  /** False where it was there already. */
  readonly isNew: boolean;
}

/**
 * Builds k6 with our extension into the user's cache, unless this very one is there already. Several at once build it once: the others wait.
 * Throws `engine-missing` where Go or the network is missing, or the build fails.
 */
export async function installK6({ report, signal, env = ownEnv }: InstallOptions): Promise<Installed> {
  const sources = k6Sources(env);
  const there = await inspectK6(sources.binary);
  if (there?.hasExtension === true) return { file: sources.binary, version: there.version, isNew: false };
  const go = await findGo(sources.goVersion, env);
  await using _lock = await lockInstall(`${sources.cacheFolder}.lock`, () => report('waiting for another build of the same k6'), signal);
  const meanwhile = await inspectK6(sources.binary);
  if (meanwhile?.hasExtension === true) return { file: sources.binary, version: meanwhile.version, isNew: false };
  const version = await build(sources, go, report, signal);
  const gone = await pruneBuilds(sources.cacheFolder, Date.now());
  if (gone > 0) report(`deleted ${gone} older ${gone === 1 ? 'build' : 'builds'} of k6, unused for 30 days`);
  return { file: sources.binary, version, isNew: true };
}

async function build(sources: K6Sources, go: Go, report: (what: string) => void, signal: AbortSignal): Promise<string> {
  // Beside its place, so that it gets there in one move: a half-written binary is never found.
  const parent = dirname(sources.cacheFolder);
  await mkdir(parent, { recursive: true }).catch((cause: unknown) => {
    throw new ScaleplanError('engine-missing', `k6 cannot be kept in ${parent}: the folder cannot be made.`, { hint: 'Name another one in XDG_CACHE_HOME.', cause });
  });
  const folder = await mkdtemp(join(parent, `.${basename(sources.cacheFolder)}-`));
  try {
    const [xk6, k6] = [join(folder, 'xk6'), join(folder, basename(sources.binary))];
    report(`building xk6 with Go ${go.version} (1 of 2, about 25 s the first time)`);
    await runGo(go, go.file, ['build', '-o', xk6, 'go.k6.io/xk6'], sources.folder, signal);
    report(`building k6 ${sources.k6Version} with xk6 (2 of 2, about 60 s)`);
    await runGo(go, xk6, ['build', sources.k6Version, '--with', `${MODULE}=${sources.folder}`, '-o', k6], folder, signal);
    await chmod(k6, 0o755);
    const made = await inspectK6(k6);
    if (made?.hasExtension !== true) throw new ScaleplanError('engine-missing', 'The k6 that was built does not run with scaleplan’s extension.', { hint: 'Run it again; report it if it happens again.' });
    await rm(xk6);
    await rm(sources.cacheFolder, { recursive: true, force: true });
    await rename(folder, sources.cacheFolder);
    return made.version;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
