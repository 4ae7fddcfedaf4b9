import { readFileSync } from 'node:fs';

/** From the package file, two folders up both in src/cli and in dist/cli. */
export function toolVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}
