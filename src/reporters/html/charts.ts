import type { Evidence, Report } from '../../model/report.ts';
import { escape, prose } from './escape.ts';
import type { ChartData, Panel } from './panels.ts';

/** The milestone on the clock of latency and errors, one chart below the other, then everything else that was read. */
export function chartSection(report: Report, data: ChartData): string {
  const { panels } = data;
  if (panels.length === 0) return '';
  const evidence = report.diagnosis.bottlenecks.flatMap((one) => one.evidence);
  const speaking = panels.filter((panel) => signsOf(panel, evidence).length > 0);
  const client = panels.filter(({ id }) => CLIENT_PANELS.includes(id));
  const timeline = speaking.length === 0 ? [] : [...client, ...speaking.filter((panel) => !client.includes(panel))];
  const others = panels.filter((panel) => !timeline.includes(panel));
  return `${timeline.length === 0 ? '' : `<h2 id="timeline">How it came about</h2><p class="dim">Latency, errors, and what the servers said of themselves, on one clock.${onsetText(data)}</p>`}
${timeline.length === 0 ? `<h2>Over time</h2>` : ''}${explanation(data)}${controls()}
${timeline.length === 0 ? '' : `<div class="charts timeline">${timeline.map((panel) => figure(panel, signsOf(panel, evidence))).join('\n')}</div>\n<h2>Over time</h2>`}
<div class="charts">${others.map((panel) => figure(panel, [])).join('\n')}</div>`;
}

/** What users feel, above what the servers say. */
const CLIENT_PANELS = ['latency', 'journeys', 'errors'];

/** Each once: what speaks against one cause speaks against the next as well. */
function signsOf({ metrics }: Panel, evidence: readonly Evidence[]): readonly Evidence[] {
  const own = evidence.filter(({ metric }) => metric !== null && metrics.includes(metric));
  return [...new Map(own.map((sign) => [`${sign.for} ${sign.text}`, sign])).values()];
}

function onsetText({ onsets, seconds }: ChartData): string {
  const [first = 0] = seconds;
  const before = onsets.filter(({ second }) => second < first).map(({ label }) => label);
  const drawn = onsets.length > before.length ? ' An upright line: where the sign of the bottleneck first stood.' : '';
  return before.length === 0 ? drawn : `${drawn} Before the first second here, under an earlier suite, stood already: ${escape(before.join(', '))}.`;
}

function explanation({ secondsPerPoint }: ChartData): string {
  const thinned = secondsPerPoint > 1 ? ` <strong>Each point stands for ${secondsPerPoint} seconds</strong>: the line is their mean, the pale band reaches from the lowest second to the highest (of percentiles too: a mean of the seconds’ percentiles is none of the whole). timeseries.csv has every second.` : '';
  return `<p class="dim">Minutes and seconds since the run’s start. In the shade: not judged. Broken lines: limits of the plan (dotted: signs).${thinned}</p>
<noscript><p>The charts need scripting; timeseries.csv, beside this page, holds the same figures.</p></noscript>`;
}

/** For those who do not drag with a mouse; the script brings them to life. */
function controls(): string {
  const buttons = [['in', 'Zoom in'], ['out', 'Zoom out'], ['back', '← Earlier'], ['forth', 'Later →'], ['all', 'Whole run']].map(([action, text]) => `<button type="button" data-zoom="${action}">${text}</button>`);
  return `<div class="controls" role="group" aria-label="What the charts show">${buttons.join('')}<span class="dim">or drag within a chart; double-click for the whole run; a name below a chart hides its line; arrow keys move the cursor</span></div>`;
}

function figure({ id, title, unit, limits }: Panel, signs: readonly Evidence[]): string {
  const named = limits.length > 0 ? `<p class="limits">${limits.map(({ label, isSign }) => `<span class="${isSign ? 'sign' : 'limit'}">${escape(label)}</span>`).join(' ')}</p>` : '';
  const said = signs.map(({ for: isFor, text }) => `<li><span class="${isFor ? 'for' : 'against'}">${isFor ? 'for' : 'against'}</span> ${prose(text)}</li>`).join('');
  return `<figure><figcaption>${escape(title)}${unit === '1' ? '' : ` <span class="dim">${unit === '/s' ? 'per second' : `in ${escape(unit)}`}</span>`}</figcaption>${said ? `<ul class="said">${said}</ul>` : ''}<div class="chart" id="chart-${escape(id)}"></div>${named}<details class="data" data-chart="${escape(id)}"><summary>Figures of this chart</summary></details></figure>`;
}
