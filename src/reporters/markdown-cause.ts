import { BOTTLENECK_TITLES } from '../model/bottleneck.ts';
import type { DiagnosedBottleneck, Report } from '../model/report.ts';
import { causeHeadOf } from './headline.ts';
import { escapeMarkdown as escape } from './markdown-text.ts';
import { counterSigns, earlyOf, harmBeside, outcomeSentence, remedyOf } from './terminal-diagnosis.ts';
import { sayNumber } from './words.ts';

/** Which bottleneck, what speaks for it and against it, and what to do. */
export function causeLines(report: Report): string[] {
  const { diagnosis, run, steps } = report;
  if (run.interrupted && steps.length === 0) return [];
  const sentence = outcomeSentence(report);
  const harm = harmBeside(report).map((text) => `- harm: ${escape(text)}`);
  const unknown = diagnosis.unknown.map(({ id, missing }) => `- not judged: ${escape(BOTTLENECK_TITLES[id])} needs ${escape(missing)}`);
  return [
    ...(sentence === '' ? [] : [`**${escape(sentence)}**`, '']), ...harm, ...(harm.length > 0 ? [''] : []),
    ...diagnosis.bottlenecks.flatMap((one, at) => bottleneckLines(one, counterSigns(diagnosis.bottlenecks, at))), ...unknown, ...(unknown.length > 0 ? [''] : []),
  ];
}

function bottleneckLines(one: DiagnosedBottleneck, against: readonly string[]): string[] {
  const { milestone, evidence, confidence } = one;
  const expected = milestone ? ` (expected at ${sayNumber(milestone.users)} users${earlyOf(one) || `, seen at the load of ${sayNumber(milestone.hitAtUsers)}`})` : '';
  return [
    `### ${escape(causeHeadOf(one))}${expected}, confidence ${confidence.toFixed(2)}`, '',
    ...evidence.flatMap((sign) => (sign.for ? [`- **for**: ${escape(sign.text)}`] : [])), ...against.map((text) => `- against: ${escape(text)}`),
    `- **remedy**: ${escape(remedyOf(one))}`, '',
  ];
}
