import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Report } from '../../model/report.ts';
import type { Reporter } from '../reporter.ts';
import { headlineOf, sayRange } from '../words.ts';
import { drawCharts } from './client.ts';
import { escape, jsonForScript } from './escape.ts';
import { chartData, type Panel } from './panels.ts';
import { diagnosisSection, factsSection, outlookSection, signSection, thresholdSection, trafficSection, verdictSection } from './sections.ts';
import { STYLE } from './style.ts';

/** One file that opens offline: verdict and tables without scripting, charts with it. */
export const html: Reporter = { name: 'html', fileName: 'report.html', render: renderPage };

async function renderPage(report: Report): Promise<string> {
  const { plan, phase } = report;
  const data = chartData(report);
  const library = await chartLibrary();
  const title = `${plan.id} · phase ${phase.id} · ${phase.name} · ${sayRange(phase.users)} users`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>${headlineOf(report)} · ${escape(title)}</title><style>${library.style}${STYLE}</style></head>
<body><main><header><h1>${escape(title)}</h1><p class="dim">${escape(new Date(report.run.startedAtMs).toISOString().replace('T', ' ').slice(0, 19))} UTC</p></header>
${verdictSection(report)}
${diagnosisSection(report)}
${thresholdSection(report)}
<h2>Over time</h2><p class="dim">Grey: not judged (reference, ramp, warm-up). Dashed: the plan’s limits. Drag to zoom, double-click to go back, click a name to hide it.</p>
<div class="charts">${data.panels.map(figure).join('\n')}</div>
${trafficSection(report)}
${signSection(report)}
${outlookSection(report)}
${factsSection(report)}
</main>
<script type="application/json" id="chart-data">${jsonForScript(data)}</script>
<script>${library.script}</script><script>(${drawCharts.toString()})();</script></body></html>
`;
}

function figure({ id, title, unit, limits }: Panel): string {
  const named = limits.length > 0 ? `<p class="dim">${limits.map(({ label }) => escape(label)).join(' · ')}</p>` : '';
  return `<figure><figcaption>${escape(title)}${unit === '1' ? '' : ` (${escape(unit)})`}</figcaption><div id="chart-${escape(id)}"></div>${named}</figure>`;
}

async function chartLibrary(): Promise<{ script: string; style: string }> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('uplot/package.json')), 'dist');
  const [script, style] = await Promise.all([readFile(join(folder, 'uPlot.iife.min.js'), 'utf8'), readFile(join(folder, 'uPlot.min.css'), 'utf8')]);
  return { script, style };
}
