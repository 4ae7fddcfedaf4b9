import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Unpacks the run that was kept of a format into a folder of its own below `parent`. */
export function unpackRun(format: 'format-1', parent: string): string {
  const folder = join(parent, format);
  mkdirSync(folder, { recursive: true });
  for (const name of ['run.json', 'intervals.ndjson', 'samples.ndjson']) {
    writeFileSync(join(folder, name), gunzipSync(readFileSync(join(import.meta.dirname, 'runs', format, `${name}.gz`))));
  }
  return folder;
}
