import { resolve } from 'node:path';

/** A plan or scenario is a name or a file; only a file has a folder to be relative to. */
export function nameOrFile(written: string, folder: string): string {
  return /[/\\]|\.(?:ya?ml|json|[cm]?[jt]s)$/.test(written) ? resolve(folder, written) : written;
}
