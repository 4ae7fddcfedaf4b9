import type { Report, Verdict } from '../model/report.ts';
import { comparisonMarkdown } from './comparison-markdown.ts';
import { headlineOf, sayCutShort, sentenceOf, titleOf, usersOf, type Headline } from './headline.ts';
import { engineFindingsOf, engineFindingsTitle, sayFinding } from './engine-findings.ts';
import { causeLines } from './markdown-cause.ts';
import { escapeMarkdown as escape, markdownDetails, markdownTable } from './markdown-text.ts';
import { plainReport } from './plain.ts';
import type { Reporter } from './reporter.ts';
import { nextOf } from './terminal-diagnosis.ts';
import { sayAddress, sayBounds, sayMetric, sayNumber, sayObserved, sayVerdictLimit } from './words.ts';

/** As much as GitHub takes as the summary of a step; other places take as much or more. */
const MOST_BYTES = 1024 * 1024;

/** The report for a page that reads Markdown: a job's summary, a wiki, a chat. */
export const markdown = { name: 'markdown', fileName: 'summary.md', render: (report: Report): string => markdownReport(report, MOST_BYTES) } satisfies Reporter;

/**
 * No longer than `mostBytes` in UTF-8. What has no room goes, the verdict last: the rest can be looked up in report.html.
 */
export function markdownReport(given: Report, mostBytes: number): string {
  const report = plainReport(given);
  const sections = [headSection(report), breachSection(report), causeLines(report), baselineSection(report), nextSection(report), passSection(report), openSection(report), findingSection(report), factSection(report)];
  const foot = footSection(report).join('\n');
  const texts = sections.map((lines) => (lines.length === 0 ? '' : `${lines.join('\n')}\n`));
  let room = mostBytes - bytesOf(foot) - bytesOf(LEFT_OUT);
  const kept = texts.filter((text) => {
    const fits = bytesOf(text) <= room;
    if (fits) room -= bytesOf(text);
    return fits;
  });
  return [...kept, ...(kept.length < texts.length ? [LEFT_OUT] : []), foot].join('');
}

const LEFT_OUT = '_Left out here for its length; report.html has it all._\n\n';

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

const ICONS: Readonly<Record<Headline, string>> = { PASS: '✅', WARN: '⚠️', FAIL: '❌', INCONCLUSIVE: '❔', INVALID: '🚫', INTERRUPTED: '⏹️' };

function headSection(report: Report): string[] {
  const word = headlineOf(report);
  return [`## ${ICONS[word]} ${word} · ${escape(titleOf(report))}`, '', `**${escape(sentenceOf(report))}**`, ''];
}

const MARKS: Readonly<Record<Verdict['status'], string>> = {
  pass: '✅', 'not-fired': '✅', fail: '❌', fired: '🔔', warn: '⚠️', inconclusive: '❔', 'not-measured': '➖',
};

/** What a reader has to act on: breached, warned of, required and not decided, fired. */
function breachSection({ verdicts }: Report): string[] {
  const urgent = verdicts.filter(({ status, condition }) => status === 'fail' || status === 'warn' || status === 'fired' || (isOpen(status) && isRequired(condition)));
  return urgent.length === 0 ? [] : [...verdictTable(urgent), ''];
}

function passSection({ verdicts }: Report): string[] {
  const passed = verdicts.filter(({ status }) => status === 'pass');
  return passed.length === 0 ? [] : markdownDetails(`${passed.length} ${passed.length === 1 ? 'threshold' : 'thresholds'} passed`, verdictTable(passed));
}

function openSection({ verdicts }: Report): string[] {
  const open = verdicts.filter(({ status, condition }) => isOpen(status) && !isRequired(condition));
  return open.length === 0 ? [] : markdownDetails(`${open.length} not decided and not required, and what would measure them`, verdictTable(open));
}

/** What the scripts judged by themselves: in the open where something did not hold, else folded. */
function findingSection(report: Report): string[] {
  const findings = engineFindingsOf(report);
  if (findings.length === 0) return [];
  const rows = findings.map((one) => [one.failed === 0 ? '✅' : '⚠️', `<code>${escape(one.name)}</code>`, `${one.source} ${one.kind}`, escape(sayFinding(one))]);
  const table = markdownTable(['', 'judged by the script itself', 'is a', 'outcome'], rows);
  const title = escape(engineFindingsTitle(findings));
  return findings.some(({ failed }) => failed > 0) ? [`${title}:`, '', ...table, ''] : markdownDetails(title, table);
}

function isOpen(status: Verdict['status']): boolean {
  return status === 'inconclusive' || status === 'not-measured';
}

function isRequired({ kind, required }: Verdict['condition']): boolean {
  return kind === 'threshold' && required;
}

function verdictTable(verdicts: readonly Verdict[]): string[] {
  const rows = verdicts.map((verdict) => {
    const { condition, status, reason, suite } = verdict;
    const kind = condition.kind === 'threshold' ? `${suite} suite${condition.required ? '' : ', not required'}` : condition.kind;
    const why = isOpen(status) ? `<br>${escape(reason)}` : '';
    return [MARKS[status], `<code>${escape(sayMetric(condition))}</code>${why}`, escape(sayObserved(verdict)), escape(sayBounds(verdict)), escape(sayVerdictLimit(verdict)), kind, escape(sayAddress(verdict))];
  });
  return markdownTable(['', 'condition', 'observed', '95 % bounds', 'limit', 'of', 'source'], rows, [2, 3, 4]);
}

function baselineSection({ comparison }: Report): string[] {
  return comparison === undefined ? [] : ['### Against the baseline', '', comparisonMarkdown(comparison)];
}

function nextSection(report: Report): string[] {
  const next = nextOf(report);
  return next === null ? [] : [`**Next:** ${escape(next)}`, ''];
}

/** What the figures rest on, folded: who doubts them finds it, who does not is spared. */
function factSection(report: Report): string[] {
  const { run, validity, plan } = report;
  const servers = run.target.servers.length > 0 ? ` (${run.target.servers.join(', ')})` : '';
  const facts = [
    `target: ${run.target.url}${servers} at the load of ${sayNumber(usersOf(report))} users`,
    ...sayCutShort(report).map((reason) => `load: ${reason}`),
    `generator: ${validity.reasons.length === 0 ? 'nothing speaks against it' : validity.reasons.join('; ')}`,
    ...run.probes.map((probe) => `probe ${probe.kind}: ${probe.status === 'ok' ? probe.detail : `${probe.status}, ${probe.reason} ${probe.hint ?? ''}`}`),
    ...(run.acceptNoise ? ['--accept-noise: where a limit lay between the bounds, the estimate alone decided'] : []),
    ...[...run.assumptions, ...plan.assumptions.map(({ text, reason }) => `${text} (${reason})`)].map((text) => `assumed: ${text}`),
    ...Object.entries(run.environment).map(([name, value]) => `${name}: ${value}`),
  ];
  return markdownDetails('What this rests on', facts.map((fact) => `- ${escape(fact)}`));
}

function footSection({ run, toolVersion }: Report): string[] {
  return [`<sub>${escape(run.id)} · scaleplan ${escape(toolVersion)}</sub>`, ''];
}
