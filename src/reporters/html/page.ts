import type { Report } from '../../model/report.ts';
import { headlineOf, titleOf } from '../headline.ts';
import type { Reporter } from '../reporter.ts';
import { CLIENT } from './client.ts';
import { escape } from './escape.ts';
import { framed } from './frame.ts';
import { chartData, type ChartData, type Panel } from './panels.ts';
import { checklistSection, diagnosisSection, factsSection, outlookSection, trafficSection } from './sections.ts';
import { signSection, thresholdSection, verdictSection } from './verdicts.ts';

/** One file that opens offline: verdict and tables without scripting, charts with it. */
export const html = { name: 'html', fileName: 'report.html', render: renderPage } satisfies Reporter;

async function renderPage(report: Report): Promise<string> {
  const data = chartData(report);
  return framed({
    title: `${headlineOf(report)} · ${titleOf(report)}`, data, client: CLIENT,
    body: `<header><h1>${escape(titleOf(report))}</h1><p class="dim">${escape(new Date(report.run.startedAtMs).toISOString().replace('T', ' ').slice(0, 16))} UTC · ${escape(report.run.id)}</p></header>
${verdictSection(report)}
${diagnosisSection(report)}
${thresholdSection(report)}
${chartSection(data)}
${trafficSection(report)}
${signSection(report)}
${outlookSection(report)}
${checklistSection(report)}
${factsSection(report)}`,
  });
}

function chartSection({ panels, secondsPerPoint }: ChartData): string {
  if (panels.length === 0) return '';
  const thinned = secondsPerPoint > 1 ? ` Each point is the highest of ${secondsPerPoint} seconds; timeseries.csv has them all.` : '';
  return `<h2>Over time</h2><p class="dim">Minutes and seconds since the run’s start. In the shade: not judged. Broken lines: limits of the plan (dotted: signs).${thinned} Drag to zoom, double-click to go back, click a name to hide its line.</p>
<noscript><p>The charts need scripting; timeseries.csv, beside this page, holds the same figures.</p></noscript>
<div class="charts">${panels.map(figure).join('\n')}</div>`;
}

function figure({ id, title, unit, limits }: Panel): string {
  const named = limits.length > 0 ? `<p class="limits">${limits.map(({ label, isSign }) => `<span class="${isSign ? 'sign' : 'limit'}">${escape(label)}</span>`).join(' ')}</p>` : '';
  return `<figure><figcaption>${escape(title)}${unit === '1' ? '' : ` <span class="dim">${unit === '/s' ? 'per second' : `in ${escape(unit)}`}</span>`}</figcaption><div class="chart" id="chart-${escape(id)}"></div>${named}</figure>`;
}
