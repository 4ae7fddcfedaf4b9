import { ScaleplanError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import type { Reporter } from './reporter.ts';

/** Every reporter by its name on the command line. A new one is a file here and a line in this table. */
const REPORTERS: Readonly<Record<string, () => Promise<readonly Reporter[]>>> = {
  terminal: async () => [(await import('./terminal.ts')).terminal],
  json: async () => [(await import('./json.ts')).json],
  csv: async () => {
    const { summaryCsv, timeseriesCsv } = await import('./csv.ts');
    return [summaryCsv, timeseriesCsv];
  },
  html: async () => [(await import('./html/page.ts')).html],
};

export const DEFAULT_REPORTERS: readonly string[] = ['terminal', 'csv', 'html'];

/** Throws `unknown-name` with the nearest name there is. */
export async function reportersNamed(names: readonly string[]): Promise<Reporter[]> {
  const loaded: Reporter[] = [];
  for (const name of new Set(names)) loaded.push(...(await load(name)));
  return loaded;
}

function load(name: string): Promise<readonly Reporter[]> {
  const found = Object.hasOwn(REPORTERS, name) ? REPORTERS[name] : undefined;
  if (!found) {
    const near = nearest(name, Object.keys(REPORTERS));
    throw new ScaleplanError('unknown-name', `There is no reporter "${name}".`, {
      hint: `${near ? `Did you mean "${near}"? ` : ''}There are: ${Object.keys(REPORTERS).join(', ')}.`,
    });
  }
  return found();
}
