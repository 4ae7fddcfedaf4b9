import type { Report } from '../../model/report.ts';
import { headlineOf, titleOf } from '../headline.ts';
import { markdown } from '../markdown.ts';
import type { Reporter } from '../reporter.ts';
import { outlookSection } from './ahead.ts';
import { baselineSection } from './baseline.ts';
import { chartSection } from './charts.ts';
import { CLIENT } from './client.ts';
import { distributionSection } from './distribution.ts';
import { engineFindingsSection } from './engine-findings.ts';
import { escape } from './escape.ts';
import { experimentSection } from './experiment.ts';
import { framed } from './frame.ts';
import { chartData } from './panels.ts';
import { checklistSection, diagnosisSection, factsSection, trafficSection } from './sections.ts';
import { stressSection } from './stress.ts';
import { unmeasuredSection } from './unmeasured.ts';
import { signSection, thresholdSection, verdictSection } from './verdicts.ts';

/** One file that opens offline: verdict and tables without scripting, charts with it. */
export const html = { name: 'html', fileName: 'report.html', render: renderPage } satisfies Reporter;

async function renderPage(report: Report): Promise<string> {
  const data = chartData(report);
  return framed({
    title: `${headlineOf(report)} · ${titleOf(report)}`, data: { ...data, markdown: markdown.render(report) }, client: CLIENT,
    body: `<header><h1>${escape(titleOf(report))}</h1><p class="dim">${escape(new Date(report.run.startedAtMs).toISOString().replace('T', ' ').slice(0, 16))} UTC · ${escape(report.run.id)}</p></header>
${verdictSection(report)}
${stressSection(report)}
${experimentSection(report)}
${diagnosisSection(report)}
${thresholdSection(report)}
${baselineSection(report)}
${chartSection(report, data)}
${distributionSection(report)}
${trafficSection(report)}
${signSection(report)}
${engineFindingsSection(report)}
${outlookSection(report)}
${unmeasuredSection(report)}
${checklistSection(report)}
${factsSection(report)}`,
  });
}
