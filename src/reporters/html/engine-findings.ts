import type { Report } from '../../model/report.ts';
import { engineFindingsOf, engineFindingsTitle, sayFinding } from '../engine-findings.ts';
import { escape } from './escape.ts';
import { table } from './table.ts';

/** What the scripts judged by themselves; nothing where they judged nothing. */
export function engineFindingsSection(report: Report): string {
  const findings = engineFindingsOf(report);
  if (findings.length === 0) return '';
  const rows = findings.map((one) => [
    `<code>${escape(one.name)}</code>`, `${escape(one.source)} ${one.kind}`, one.failed === 0 ? escape(sayFinding(one)) : `<span class="fail-text">${escape(sayFinding(one))}</span>`,
  ]);
  return `<h2>Judged by the script itself</h2><p class="dim">${escape(engineFindingsTitle(findings))}.</p>${table('Judged by the script itself', [{ name: 'What' }, { name: 'Is a' }, { name: 'Outcome' }], rows)}`;
}
