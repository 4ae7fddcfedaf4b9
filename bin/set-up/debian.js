import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, onPath } from './place.js';
import { run } from './step.js';

export const IS_ROOT = process.getuid?.() === 0;

/** Whether packages of Debian (or Ubuntu) can be had here. */
export function hasDebianPackages() {
  return process.platform === 'linux' && onPath('apt-get') !== null && onPath('dpkg') !== null;
}

/** Where packages unpacked under a name lie, as if it were the root of a system. */
export function unpackedFolder(name) {
  return join(CACHE, 'debian', name);
}

/**
 * Downloads packages and what they need and this system lacks, and unpacks them into a folder of the project. Nothing is
 * installed: no root, no scripts of the packages, and no service that starts by itself and takes a well-known port.
 */
export function unpackDebian(name, packages) {
  mkdirSync(join(CACHE, 'debian'), { recursive: true });
  const work = mkdtempSync(join(CACHE, 'debian', `.${name}-`));
  try {
    withFreshLists(() => run('apt-get', ['download', '-qq', '-o', 'APT::Sandbox::User=root', ...missingPackages(packages)], { cwd: work }));
    const tree = join(work, 'tree');
    for (const file of readdirSync(work)) if (file.endsWith('.deb')) run('dpkg', ['-x', join(work, file), tree]);
    rmSync(unpackedFolder(name), { recursive: true, force: true });
    renameSync(tree, unpackedFolder(name));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Lists of packages may be missing (a container's image) or name versions that are gone; only root may fetch new ones. */
export function withFreshLists(act) {
  try {
    return act();
  } catch (error) {
    if (!IS_ROOT) throw error;
    run('apt-get', ['update', '-qq']);
    return act();
  }
}

function missingPackages(packages) {
  const plan = run('apt-get', ['install', '--simulate', '-y', '--no-install-recommends', ...packages], { env: { LC_ALL: 'C' } });
  const names = [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]);
  // A C library beside the system's own would be loaded by the system's loader, which fits only its own version.
  const wanted = names.filter((name) => !/^(libc6|libc-bin|locales)(:|$)/.test(name));
  if (wanted.length === 0) throw new Error(`${packages.join(', ')}: installed, but the programs are not on the PATH`);
  return wanted;
}

/** The folders of libraries in an unpacked tree, for LD_LIBRARY_PATH. */
export function libraryFolders(tree) {
  // Debian keeps libraries one level down, in a folder named after the processor, and some (PulseAudio's) one further down.
  const roots = ['usr/lib', 'lib'].map((path) => join(tree, path));
  const processors = roots.flatMap((folder) => foldersIn(folder).filter((path) => path.includes('-linux-')));
  return [...processors, ...processors.flatMap(foldersIn), ...roots].filter((folder) => holdsLibraries(folder));
}

function foldersIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
}

function holdsLibraries(folder) {
  return existsSync(folder) && readdirSync(folder).some((name) => /^lib.*\.so/.test(name));
}
