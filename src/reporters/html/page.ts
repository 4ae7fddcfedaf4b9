import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Report } from '../../model/report.ts';
import { headlineOf, titleOf } from '../headline.ts';
import type { Reporter } from '../reporter.ts';
import { CLIENT, start } from './client.ts';
import { escape, jsonForScript } from './escape.ts';
import { chartData, type ChartData, type Panel } from './panels.ts';
import { diagnosisSection, factsSection, outlookSection, trafficSection } from './sections.ts';
import { STYLE } from './style.ts';
import { signSection, thresholdSection, verdictSection } from './verdicts.ts';

/** One file that opens offline: verdict and tables without scripting, charts with it. */
export const html = { name: 'html', fileName: 'report.html', render: renderPage } satisfies Reporter;

async function renderPage(report: Report): Promise<string> {
  const data = chartData(report);
  const library = await chartLibrary();
  const script = `${library.script}\n(() => {\n${CLIENT.map(String).join('\n')}\n${start.name}();\n})();`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policyFor(script)}">
<title>${headlineOf(report)} · ${escape(titleOf(report))}</title>
<style>${library.style}${STYLE}</style><noscript><style>.charts figure { display: none; }</style></noscript></head>
<body><main><header><h1>${escape(titleOf(report))}</h1><p class="dim">${escape(new Date(report.run.startedAtMs).toISOString().replace('T', ' ').slice(0, 16))} UTC · ${escape(report.run.id)}</p></header>
${verdictSection(report)}
${diagnosisSection(report)}
${thresholdSection(report)}
${chartSection(data)}
${trafficSection(report)}
${signSection(report)}
${outlookSection(report)}
${factsSection(report)}
</main>
<script type="application/json" id="chart-data">${jsonForScript(data)}</script>
<script>${script}</script></body></html>
`;
}

/** Nothing is loaded, nothing is sent, and no script runs but the one that was put here: should a text ever slip through unescaped, it stays dead. */
function policyFor(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
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

async function chartLibrary(): Promise<{ script: string; style: string }> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('uplot/package.json')), 'dist');
  const [script, style] = await Promise.all([readFile(join(folder, 'uPlot.iife.min.js'), 'utf8'), readFile(join(folder, 'uPlot.min.css'), 'utf8')]);
  return { script, style };
}
