import type { ChalkInstance } from 'chalk';
import type { Report } from '../model/report.ts';

/** What a reporter may know about the place its text goes to. */
export interface RenderOptions {
  readonly chalk: ChalkInstance;
  readonly columns: number;
}

/**
 * Report → text; the command line writes it.
 * Adding one: a file here, a line in registry.ts, a test, a section in docs/reporters.md.
 */
export interface Reporter {
  readonly name: string;
  /** File in the run's folder; null for text that goes to the terminal. */
  readonly fileName: string | null;
  readonly render: (report: Report, options: RenderOptions) => string | Promise<string>;
}
