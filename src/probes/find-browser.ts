import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';

/** bin/set-up/browser.js looks for the same names, and makes the last one where it finds none. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
const UNPACKED = join(import.meta.dirname, '../../.cache/bin/chromium');

/** A Chromium to give to Playwright as `executablePath` (as root also `--no-sandbox`); null where there is none. */
export function findBrowser(): string | null {
  const named = env['SCALEPLAN_BROWSER'];
  if (named !== undefined && named !== '') return named;
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), UNPACKED, MAC];
  return candidates.find((file) => existsSync(file)) ?? null;
}
