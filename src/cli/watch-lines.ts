import type { ChalkInstance } from 'chalk';
import type { Verdict } from '../model/report.ts';
import { cut, padEnd, widthOf, wrap } from '../reporters/layout.ts';
import { sayObserved } from '../reporters/words.ts';
import type { Watchlist } from '../watch/watched.ts';

/** What these probes cannot read, by the reason. */
export function unwatchedLines(unwatched: Watchlist['unwatched'], columns: number): string[] {
  return [...Map.groupBy(unwatched, ({ reason }) => reason)].flatMap(([reason, own]) => wrap(`${own.map(({ condition }) => condition.text).join('; ')}: ${reason}`, columns, 'not watched: '));
}

/** What a state is called where somebody watches: undecided is not yet, or not without more readings. */
const WORDS: Readonly<Record<string, string>> = { fired: 'fires', 'not-fired': 'quiet', inconclusive: 'open', 'not-measured': 'not read' };

/** The table of a terminal: a line for each condition, what fires first. */
export function watchTable(head: string, verdicts: readonly Verdict[], columns: number, rows: number, chalk: ChalkInstance): string[] {
  const sorted = verdicts.toSorted((a, b) => Number(b.status === 'fired') - Number(a.status === 'fired'));
  // One line for the head, one for what is left out, one that stays free.
  const shown = sorted.slice(0, Math.max(1, rows - 3));
  const texts = shown.map((verdict) => ({ verdict, name: verdict.condition.text }));
  const width = Math.min(columns - 32, Math.max(...texts.map(({ name }) => widthOf(name))));
  const lines = texts.map(({ verdict, name }) => {
    const line = cut(`  ${padEnd(wordOf(verdict), 9)}${padEnd(cut(name, width), width)}  ${sayObserved(verdict) || verdict.reason}`, columns - 1);
    return verdict.status === 'fired' ? chalk.red(line) : verdict.status === 'not-fired' ? line : chalk.dim(line);
  });
  return [chalk.bold(cut(head, columns - 1)), ...lines, ...(shown.length < sorted.length ? [chalk.dim(`  … and ${sorted.length - shown.length} more`)] : [])];
}

/** One line for one change, with the time and what to do. */
export function watchLine(atMs: number, verdict: Verdict, advice: string | null): string {
  const { condition, reason } = verdict;
  const todo = verdict.status === 'fired' && advice !== null ? ` → ${advice}` : '';
  return `${new Date(atMs).toISOString().slice(0, 19)}Z ${padEnd(wordOf(verdict), 8)} ${condition.kind} ${condition.text}: ${reason}${todo}\n`;
}

function wordOf({ status }: Verdict): string {
  return WORDS[status] ?? status;
}
