import { createRequire } from 'node:module';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { ScaleplanError } from '../errors.ts';
import type { Reporter } from './reporter.ts';

/**
 * Reporters of a user's own: a module file (`./my-reporter.js`) or an installed package, named from `cwd`. Its `default` export, or
 * `reporter`, is one reporter or a list. Null where nothing of that name is there. Throws `reporter-failed` for one that cannot be used.
 */
export async function ownReporters(name: string, cwd: string): Promise<readonly Reporter[] | null> {
  const file = fileOf(name, cwd);
  if (file === null) return null;
  const found = await load(name, file);
  const reporters = (Array.isArray(found) ? found : [found]) as unknown[];
  if (reporters.length === 0) throw unusable(name, 'it exports no reporter');
  return reporters.map((one) => guarded(name, checked(name, one)));
}

/** What begins like a path is a file, whether it is there or not; anything else a package, if one is installed. */
function fileOf(name: string, cwd: string): string | null {
  if (/^\.{0,2}[/\\]/.test(name) || isAbsolute(name) || /\.[cm]?[jt]s$/.test(name)) return resolve(cwd, name);
  try {
    return createRequire(join(cwd, 'noop.js')).resolve(name);
  } catch {
    return null;
  }
}

async function load(name: string, file: string): Promise<unknown> {
  const module = await import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw unusable(name, `it cannot be loaded: ${sayCause(cause)}`, cause);
  }) as Record<string, unknown>;
  return module['default'] ?? module['reporter'];
}

/** Files of the run that are facts: a report must not take their place. */
const FACTS = new Set(['run.json', 'intervals.ndjson', 'samples.ndjson', 'logs']);

const shape = z.looseObject({
  name: z.string().min(1),
  fileName: z.string().min(1).refine((name) => basename(name) === name && !name.includes('\\') && name !== '..' && name !== '.', 'must be the name of a file, without folders')
    .refine((name) => !FACTS.has(name), 'must not be a file of the run itself').nullable(),
  appendTo: z.string().optional(),
  render: z.custom<Reporter['render']>((value) => typeof value === 'function', 'must be a function'),
});

function checked(name: string, value: unknown): Reporter {
  const found = shape.safeParse(value);
  if (found.success) return found.data as Reporter;
  const [first] = found.error.issues;
  throw unusable(name, `${first?.path.join('.') || 'its default export'}: ${first?.message ?? 'is no reporter'}`);
}

/** What goes wrong in a module of the user's is theirs to mend: said as such, not as a fault of ours. */
function guarded(name: string, reporter: Reporter): Reporter {
  return {
    name: reporter.name, fileName: reporter.fileName, ...(reporter.appendTo === undefined ? {} : { appendTo: reporter.appendTo }),
    render: async (report, options) => {
      try {
        const text: unknown = await reporter.render(report, options);
        if (typeof text === 'string') return text;
        // Pieces are drawn here, so that a fault in the middle of them has the reporter's name on it too.
        if (typeof text === 'object' && text !== null && Symbol.iterator in text) return [...(text as Iterable<string>)].map(String);
        throw new TypeError(`render returned ${text === null ? 'null' : typeof text}, no text`);
      } catch (cause) {
        throw unusable(name, sayCause(cause), cause);
      }
    },
  };
}

function unusable(name: string, why: string, cause?: unknown): ScaleplanError {
  return new ScaleplanError('reporter-failed', `The reporter ${name} failed: ${why}.`, {
    hint: 'A module exports as default { name, fileName, render(report, options) }: docs/reporters.md. The run is safe: scaleplan report writes it again.', cause,
  });
}

function sayCause(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
}
