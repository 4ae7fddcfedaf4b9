import { ScaleplanError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import { ownReporters } from './own-reporter.ts';
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
  markdown: async () => [(await import('./markdown.ts')).markdown],
  github: async () => (await import('./github.ts')).github,
  gitlab: async () => [(await import('./gitlab.ts')).gitlab],
  junit: async () => [(await import('./junit.ts')).junit],
};

/** All that a run's folder promises to hold; together they take a fraction of a second. */
export const DEFAULT_REPORTERS: readonly string[] = ['terminal', 'csv', 'html', 'junit', 'markdown'];

/**
 * Reporters by name, or from modules and packages of the user's own, which are looked for from `cwd`.
 * Throws `unknown-name` with the nearest name there is, `reporter-failed` for a module that cannot be used.
 */
export async function reportersNamed(names: readonly string[], cwd: string): Promise<Reporter[]> {
  const loaded: Reporter[] = [];
  for (const name of new Set(names)) loaded.push(...(await load(name, cwd)));
  return loaded;
}

async function load(name: string, cwd: string): Promise<readonly Reporter[]> {
  const bundled = Object.hasOwn(REPORTERS, name) ? REPORTERS[name] : undefined;
  const found = bundled ? await bundled() : await ownReporters(name, cwd);
  if (found) return found;
  const near = nearest(name, Object.keys(REPORTERS));
  throw new ScaleplanError('unknown-name', `There is no reporter "${name}", nor a package of that name.`, {
    hint: `${near ? `Did you mean "${near}"? ` : ''}There are: ${Object.keys(REPORTERS).join(', ')}, or a module of your own: ./my-reporter.js.`,
  });
}
