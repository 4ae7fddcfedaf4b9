import type { Report } from '../model/report.ts';

/**
 * The value with its texts made harmless for a terminal: what a server, a plan or a file name says must not move the cursor, set the
 * window's title, change colours or turn the direction of writing.
 */
export function plain<T>(value: T): T {
  return clean(value) as T;
}

/** The report without its seconds, its texts harmless: for whatever is made of sentences and figures alone. */
export function plainReport(report: Report): Report {
  const steps = report.run.steps.map((step) => ({ ...step, intervals: [] }));
  return plain({ ...report, run: { ...report.run, steps, samples: [] } });
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(SEQUENCES, '').replace(BREAKS, ' ').replace(CONTROLS, '');
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [clean(key), clean(item)]));
}

/** Whole escape sequences, so that nothing of `ESC [ 2 J` remains: control sequences, and strings such as a window title (ECMA-48). */
// oxlint-disable-next-line no-control-regex -- that is what is looked for
const SEQUENCES = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?/g;
const BREAKS = /[\t\r\n]+/g;
// oxlint-disable-next-line no-control-regex -- that is what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
