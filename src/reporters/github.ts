import { isAbsolute, relative } from 'node:path';
import type { Report, Verdict } from '../model/report.ts';
import { comparisonCells } from './comparison.ts';
import { sayFully, sayProof } from './details.ts';
import { causeHeadOf, headlineOf, sentenceOf, titleOf } from './headline.ts';
import { markdown, markdownReport } from './markdown.ts';
import { plainReport } from './plain.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { remedyOf } from './terminal-diagnosis.ts';

/** What a workflow of GitHub shows: the step's summary, annotations at the lines of the plan, and the body of one comment. */
export const github: readonly Reporter[] = [
  { ...markdown, name: 'github', appendTo: 'GITHUB_STEP_SUMMARY' },
  { name: 'github', fileName: 'github-comment.md', render: commentBody },
  { name: 'github', fileName: null, render: annotations },
];

/** A comment may have 65,536 characters; the marker stands before the rest. */
const MOST_COMMENT_BYTES = 65_000;

/** The marker is the first line, so that the comment of the same plan and phase can be found again and updated in place. */
function commentBody(report: Report): string {
  const key = `${report.plan.id} phase ${report.phase.id}`.replaceAll(/[^\w. -]+/g, '-').replaceAll(/--+/g, '-');
  return `<!-- scaleplan: ${key} -->\n${markdownReport(report, MOST_COMMENT_BYTES)}`;
}

type Kind = 'error' | 'warning' | 'notice';

interface Annotation {
  readonly kind: Kind;
  readonly title: string;
  readonly message: string;
  readonly place: Verdict['condition']['place'];
}

/** GitHub shows ten annotations of a kind for a step, and drops the others without a word. */
const MOST_OF_A_KIND = 10;

function annotations(given: Report, { root }: RenderOptions): string {
  const report = plainReport(given);
  const all = [...runAnnotations(report), ...milestoneAnnotations(report), ...regressionAnnotations(report), ...report.verdicts.flatMap(verdictAnnotation)];
  const shown = (['error', 'warning', 'notice'] as const).flatMap((kind) => fitted(all.filter((one) => one.kind === kind)));
  return shown.map((one) => `${sayCommand(one, root)}\n`).join('');
}

/** The last place tells how many there was no place for. */
function fitted(own: readonly Annotation[]): Annotation[] {
  if (own.length <= MOST_OF_A_KIND) return [...own];
  const [kept, rest] = [own.slice(0, MOST_OF_A_KIND - 1), own.slice(MOST_OF_A_KIND - 1)];
  const [first] = rest;
  return first ? [...kept, { ...first, title: `${rest.length} more`, message: rest.map(({ title }) => title).join('\n'), place: null }] : kept;
}

function runAnnotations(report: Report): Annotation[] {
  const word = headlineOf(report);
  if (word !== 'INVALID' && word !== 'INTERRUPTED') return [];
  return [{ kind: 'error', title: `${word}: ${titleOf(report)}`, message: sentenceOf(report), place: null }];
}

/** At the first symptom of the milestone: there its entry stands in the plan. */
function milestoneAnnotations({ diagnosis, plan }: Report): Annotation[] {
  return diagnosis.bottlenecks.map((one) => {
    const entry = plan.milestones.find(({ id }) => id === one.milestone?.id);
    const evidence = one.evidence.filter((sign) => sign.for).map(({ text }) => text);
    return {
      kind: one.status === 'hit' ? 'error' : 'warning', title: causeHeadOf(one),
      message: [...evidence, `Remedy: ${remedyOf(one)}`].join('\n'), place: entry?.symptoms.find(({ place }) => place !== null)?.place ?? null,
    };
  });
}

function regressionAnnotations({ comparison }: Report): Annotation[] {
  if (comparison?.comparable !== true) return [];
  return comparison.differences.filter(({ status }) => status === 'worse').map((one) => {
    const [name = '', base = '', head = '', change = ''] = comparisonCells(one, false);
    return { kind: 'error', title: `Worse than the baseline: ${name}`, message: `${head} against ${base}, ${change}\n${one.reason}`, place: null };
  });
}

/** Red is what the run failed by; what nobody could decide warns; what fired tells. */
function verdictAnnotation(verdict: Verdict): Annotation[] {
  const { condition, status, reason } = verdict;
  const base = { message: `${sayProof(verdict)}\n${reason}`, place: condition.place };
  const name = sayFully(condition);
  if (status === 'fail') return [{ ...base, kind: condition.required ? 'error' : 'warning', title: `Failed: ${name}` }];
  if (status === 'warn') return [{ ...base, kind: 'warning', title: `Warning: ${name}` }];
  if (status === 'fired') return [{ ...base, kind: 'notice', title: `Fired: ${name}` }];
  const isOpen = status === 'inconclusive' || status === 'not-measured';
  return isOpen && condition.kind === 'threshold' && condition.required ? [{ ...base, kind: 'warning', title: `Not decided: ${name}` }] : [];
}

function sayCommand({ kind, title, message, place }: Annotation, root: string | undefined): string {
  const file = place === null ? null : fileFrom(place.file, root);
  const where = place === null || file === null ? [] : [`file=${escapeProperty(file)}`, `line=${place.line}`, `col=${place.column}`];
  return `::${kind} ${[...where, `title=${escapeProperty(title)}`].join(',')}::${escapeMessage(message)}`;
}

/** As the repository names it; a plan that lies elsewhere, such as one of the bundled, has no line to point at. */
function fileFrom(file: string, root: string | undefined): string | null {
  if (!isAbsolute(file) || root === undefined) return file.replaceAll('\\', '/');
  const path = relative(root, file).replaceAll('\\', '/');
  return path.startsWith('..') || isAbsolute(path) ? null : path;
}

function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
