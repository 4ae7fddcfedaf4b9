import type { ChalkInstance } from 'chalk';
import type { ExperimentFindings, Felt, Report } from '../model/report.ts';
import { wrap } from './layout.ts';
import { sayMetric, sayNumber, sayObserved, sayVerdictLimit } from './words.ts';

/** What was done to the target, and how its users fared: before, meanwhile, and on the way back. */
export function experimentLines({ experiment }: Report, { chalk, columns }: { readonly chalk: ChalkInstance; readonly columns: number }): string[] {
  if (experiment === undefined) return [];
  const isBad = experiment.outcome === 'not-as-expected' || experiment.outcome === 'not-carried-out';
  const paint = isBad ? chalk.red : experiment.outcome === 'undecided' ? chalk.yellow : chalk.green;
  return [
    chalk.bold(`Experiment ${experiment.name}`),
    ...wrap(experiment.what, columns, '  '),
    ...wrap(sayExperiment(experiment), columns, '  ').map((line) => paint(line)),
    ...feltIn(experiment).flatMap(([when, felt]) => wrap(sayFelt(felt), columns, `  ${when.padEnd(12)} `)),
    ...experiment.verdicts.filter(({ status }) => status !== 'pass').flatMap((verdict) => wrap(`${sayMetric(verdict.condition)} ${sayObserved(verdict)}, asked for ${sayVerdictLimit(verdict)}`, columns, `  ${(verdict.status === 'fail' ? 'broken' : 'undecided').padEnd(12)} `)),
    ...wrap(sayWayBack(experiment), columns, '  way back     '),
    ...(experiment.consistency === null ? [] : wrap(experiment.consistency.note, columns, '  writes       ')),
    ...experiment.notes.flatMap((note) => wrap(note, columns, '  ')),
    '',
  ];
}

const OUTCOMES: Readonly<Record<ExperimentFindings['outcome'], string>> = {
  'as-expected': 'As expected', 'not-as-expected': 'Not as expected', undecided: 'Undecided', 'not-carried-out': 'Not carried out',
};

/** The outcome in a sentence. */
export function sayExperiment({ outcome, summary }: ExperimentFindings): string {
  return `${OUTCOMES[outcome]}: ${summary}.`;
}

/** The three parts of the load, as far as there are any. */
export function feltIn({ before, during, after }: ExperimentFindings): (readonly [string, Felt])[] {
  const parts = [['before', before], ['meanwhile', during], ['afterwards', after]] as const;
  return parts.flatMap(([when, felt]) => (felt === null ? [] : [[when, felt] as const]));
}

function sayFelt({ seconds, requests, errorPercent, errors, p95Ms, throughputPerSec }: Felt): string {
  const kinds = Object.entries(errors).map(([kind, count]) => `${sayNumber(count)} ${kind}`).join(', ');
  const failed = errorPercent === null ? '' : ` · ${sayNumber(errorPercent)} % failed${kinds === '' ? '' : ` (${kinds})`}`;
  return `p95 ${p95Ms === null ? '–' : `${sayNumber(p95Ms)} ms`}${failed} · ${sayNumber(throughputPerSec)} answers/s · ${sayNumber(requests)} requests in ${seconds.to - seconds.from} s`;
}

export function sayWayBack({ recovery }: ExperimentFindings): string {
  if (recovery === null) return 'was not seen';
  const { seconds, watchedSeconds, stuck } = recovery;
  const came = seconds === null ? `not every expectation held again within ${watchedSeconds} s` : seconds === 0 ? 'every expectation held at once' : `every expectation held again after ${seconds} s`;
  return stuck.length === 0 ? came : `${came}; ${stuck.join('; ')}`;
}
