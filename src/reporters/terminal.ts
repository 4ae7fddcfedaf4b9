import type { ChalkInstance } from 'chalk';
import type { Report } from '../model/report.ts';
import { comparisonLines } from './comparison.ts';
import { experimentLines } from './experiment.ts';
import { engineFindingLines } from './engine-findings.ts';
import { createTeller, type TellAssumptions } from './assumptions.ts';
import { headlineOf, sentenceOf, titleOf, usersOf, type Headline, sayCutShort } from './headline.ts';
import { widthOf, wrap } from './layout.ts';
import { plainReport } from './plain.ts';
import type { Reporter, RenderOptions } from './reporter.ts';
import { diagnosisLines, outlookLines, signLines } from './terminal-diagnosis.ts';
import { stressLines } from './stress.ts';
import { thresholdLines } from './terminal-thresholds.ts';
import { sayNumber } from './words.ts';

/** Beyond this a line is longer than an eye likes to follow back. */
const MOST_COLUMNS = 140;
/** Narrower than this, tables cannot be kept in order. */
const LEAST_COLUMNS = 40;

/** What a person sees at the end; readable at 80 columns, without colour, and in a pipe. */
export const terminal = { name: 'terminal', fileName: null, render } satisfies Reporter;

function render(report: Report, { chalk, columns }: RenderOptions): string {
  const options = { chalk, columns: Math.max(LEAST_COLUMNS, Math.min(columns, MOST_COLUMNS)) };
  const safe = plainReport(report);
  const tell = createTeller(safe.plan);
  return [
    '',
    ...headLines(safe, options),
    ...stressLines(safe, options),
    ...experimentLines(safe, options),
    ...thresholdLines(safe, options, tell),
    ...signLines(safe, options, tell),
    ...engineFindingLines(safe, options),
    ...diagnosisLines(safe, options),
    ...outlookLines(safe, options),
    ...(safe.comparison === undefined ? [] : ['', ...comparisonLines(safe.comparison, options)]),
    '',
    ...checklistLines(safe, options),
    ...trustLines(safe, options, tell),
    // Never broken: it is there to be copied.
    `Report: ${safe.folder}/report.html`,
    '',
  ].join('\n');
}

function headLines(report: Report, { chalk, columns }: RenderOptions): string[] {
  const word = headlineOf(report);
  const title = wrap(titleOf(report), columns - widthOf(word) - 2, '');
  const sentence = wrap(sentenceOf(report), columns, '  ');
  return title.map((line, at) => {
    if (at > 0) return chalk.bold(line);
    return `${chalk.bold(line)}${' '.repeat(columns - widthOf(line) - widthOf(word))}${paintHeadline(word, chalk)}`;
  }).concat(sentence, '');
}

function paintHeadline(word: Headline, chalk: ChalkInstance): string {
  if (word === 'PASS') return chalk.green.bold(word);
  return word === 'FAIL' || word === 'INVALID' ? chalk.red.bold(word) : chalk.yellow.bold(word);
}

/** Criteria of the plan that no measurement decides: the page lists them; here they would push the verdict off the screen. */
function checklistLines({ plan, run, steps }: Report, { columns, chalk }: RenderOptions): string[] {
  if (plan.checklist.length === 0 || (run.interrupted !== null && steps.length === 0)) return [];
  const count = plan.checklist.length;
  return [...wrap(`For people to judge: ${count} ${count === 1 ? 'criterion' : 'criteria'} of the plan that no measurement decides, listed in the report.`, columns, '').map((line) => chalk.dim(line)), ''];
}

/** What a reader must know before trusting the figures: generator, probes, noise, target. */
function trustLines(report: Report, { columns, chalk }: RenderOptions, tell: TellAssumptions): string[] {
  const { run, validity, phase } = report;
  const load = tell(phase.load.assumes).map((text) => text.replace(/^assumed: /, '')).flatMap((text) => wrap(text, columns, 'Assumed of the load: '));
  const warnings = [
    ...sayCutShort(report).map((reason) => wrap(reason, columns, 'Load: ')),
    ...validity.reasons.filter((reason) => reason !== validity.invalidReason).map((reason) => wrap(reason, columns, 'Generator: ')),
    ...run.probes.map((probe) => (probe.status === 'ok' ? [] : wrap(`${probe.kind} ${probe.status}: ${probe.reason}${probe.hint ? ` ${probe.hint}` : ''}`, columns, 'Probe '))),
    run.acceptNoise ? wrap('--accept-noise: where a limit lay between the bounds, the estimate alone decided.', columns, '') : [],
  ];
  const servers = run.target.servers.length > 0 ? ` (${run.target.servers.join(', ')})` : '';
  const target = wrap(`${run.target.url}${servers} at the load of ${sayNumber(usersOf(report))} users`, columns, 'Target: ');
  return [...warnings.flat().map((line) => chalk.yellow(line)), ...load.map((line) => chalk.dim(line)), ...target.map((line) => chalk.dim(line))];
}
