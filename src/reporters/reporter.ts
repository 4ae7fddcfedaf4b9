import type { ChalkInstance } from 'chalk';
import type { Report } from '../model/report.ts';

/** What a reporter may know about the place its text goes to. */
export interface RenderOptions {
  readonly chalk: ChalkInstance;
  readonly columns: number;
  /** Folder from which files are named: the repository on a CI, else the working directory. Absent: as the report has them. */
  readonly root?: string;
}

/**
 * Report → text; the command line writes it.
 * Adding one: a file here, a line in registry.ts, a test, a section in docs/reporters.md. A user's own is a module that exports one
 * (or a list of them) as `default`.
 */
export interface Reporter {
  readonly name: string;
  /** File in the run's folder; null for text that goes to the terminal. */
  readonly fileName: string | null;
  /** Environment variable that may name a file to which the text is appended as well, such as `GITHUB_STEP_SUMMARY`. */
  readonly appendTo?: string;
  /** The whole text, or its pieces in order where the whole would be too large for one string. */
  readonly render: (report: Report, options: RenderOptions) => string | Iterable<string> | Promise<string | Iterable<string>>;
}
