import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { historyOf } from '../../compare/history.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import type { HistorySeries } from '../../model/past-run.ts';
import { historyLines } from '../../reporters/history.ts';
import { historyPage } from '../../reporters/html/history-page.ts';
import { readPastRuns } from '../../run/past-runs.ts';
import { writeWhole } from '../../run/store.ts';
import type { Host } from '../host.ts';
import { outputFolder } from '../saved-runs.ts';

interface HistoryFlags {
  readonly output?: string;
  readonly plan?: string;
  readonly phase?: string;
  readonly html?: string;
  readonly json?: boolean;
}

/** `scaleplan history`: the runs of a folder as series, newest last, change points marked. */
export async function history(flags: HistoryFlags, host: Host): Promise<ExitCode> {
  const output = await outputFolder(flags.output, host);
  const series = historyOf(readPastRuns(output)).filter(({ plan, phase }) => (flags.plan === undefined || plan === flags.plan) && (flags.phase === undefined || phase === flags.phase));
  if (flags.html !== undefined) writePage(resolve(host.cwd, flags.html), output, series, host);
  if (flags.json) host.out.write(`${JSON.stringify({ series: series.map(seriesJson) }, null, 2)}\n`);
  else if (series.length === 0) host.out.write(`There is no run in ${output} yet: scaleplan test --phase 2 makes one.\n`);
  else host.out.write(`${historyLines(series, { chalk: host.out.chalk, columns: host.out.columns() }).join('\n')}\n`);
  return EXIT.passed;
}

function writePage(file: string, output: string, series: readonly HistorySeries[], host: Host): void {
  const linkTo = (id: string): string | null => (existsSync(join(output, id, 'report.html')) ? relative(dirname(file), join(output, id, 'report.html')).split(sep).map(encodeURIComponent).join('/') : null);
  writeWhole(file, historyPage(series, linkTo));
  host.err.write(`Page: ${relative(host.cwd, file)}\n`);
}

function seriesJson({ points, ...series }: HistorySeries): Record<string, unknown> {
  return {
    ...series,
    points: points.map(({ run, ...point }) => ({ run: run.id, startedAt: new Date(run.startedAtMs).toISOString(), exitCode: run.exitCode, ...point })),
  };
}
