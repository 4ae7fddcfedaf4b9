import { fileURLToPath } from 'node:url';

/** The file of a process of the demo, by its path from this folder without extension: source while developing, compiled in the package. */
export function entryPoint(path: `./${string}`): string {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return fileURLToPath(new URL(`${path}${extension}`, import.meta.url));
}
