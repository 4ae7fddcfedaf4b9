import type { Report, ScopeSummary } from '../../model/report.ts';
import type { RunStep } from '../../model/run.ts';
import { bucketMidUs, mergeHistograms } from '../../stats/histogram.ts';
import { stageWindows } from '../../stats/stages.ts';
import { cut } from '../layout.ts';
import { sayNumber, sayValue } from '../words.ts';
import { escape } from './escape.ts';
import { table } from './table.ts';

/** How latencies of the judged seconds are spread: a histogram, and a line for each journey and request. Drawn here: it needs no script. */
export function distributionSection({ run, steps }: Report): string {
  const load = run.steps.filter(({ suite }) => suite === 'load');
  const bars = barsOf(load);
  if (bars.length === 0) return '';
  const rows = steps.filter(({ suite }) => suite === 'load').flatMap(({ journeys }) => Object.entries(journeys).flatMap(([journey, summary]) => [
    { name: journey, isJourney: true, latency: summary.latencyMs }, ...Object.entries(summary.steps).map(([name, one]) => ({ name, isJourney: false, latency: one.latencyMs })),
  ]));
  const total = bars.reduce((sum, { count }) => sum + count, 0);
  const figures = table('Answers by latency', ['From', 'To', 'Answers', 'Share', 'Up to here'].map((name) => ({ name, isFigure: true })), cumulated(bars).map(({ fromMs, toMs, count, upTo }) => [
    sayValue(fromMs, 'ms'), sayValue(toMs, 'ms'), sayNumber(count), `${sayNumber((100 * count) / total)} %`, `${sayNumber((100 * upTo) / total)} %`,
  ]));
  return `<h2>How latencies are spread</h2><p class="dim">Answers of the load suite’s judged seconds, ${sayNumber(total)} in all; time-outs are among the errors. The scale is logarithmic: ten steps to each tenfold.</p>
<div class="charts"><figure class="still"><figcaption>Histogram <span class="dim">share of answers, in %</span></figcaption>${histogramSvg(bars, total)}<details><summary>Figures of this chart</summary>${figures}</details></figure>
<figure class="still"><figcaption>By journey and request <span class="dim">p50 · p95 · p99, in ms</span></figcaption>${rangesSvg(rows)}</figure></div>`;
}

interface Bar {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

/** Steps of a decade: a tenfold in ten, so that a peak of a fifth to either side is still one bar or two. */
const STEPS_A_DECADE = 10;

function barsOf(steps: readonly RunStep[]): Bar[] {
  const merged = mergeHistograms(judgedHistograms(steps));
  const counts = new Map<number, number>();
  merged.indices.forEach((index, at) => {
    const step = Math.floor(Math.log10(Math.max(1, bucketMidUs(index)) / 1000) * STEPS_A_DECADE);
    counts.set(step, (counts.get(step) ?? 0) + (merged.cumulative[at] ?? 0) - (merged.cumulative[at - 1] ?? 0));
  });
  const used = [...counts.keys()];
  if (used.length === 0) return [];
  const [first, last] = [Math.min(...used), Math.max(...used)];
  const edge = (step: number): number => 10 ** (step / STEPS_A_DECADE);
  return Array.from({ length: last - first + 1 }, (_, at) => ({ fromMs: edge(first + at), toMs: edge(first + at + 1), count: counts.get(first + at) ?? 0 }));
}

function* judgedHistograms(steps: readonly RunStep[]): Generator<RunStep['intervals'][number]['rows'][number]['latency']> {
  for (const step of steps) {
    const windows = stageWindows(step).filter(({ judged }) => judged);
    for (const { second, rows } of step.intervals) {
      if (windows.some(({ from, end }) => second >= from && second < end)) for (const row of rows) yield row.latency;
    }
  }
}

function cumulated(bars: readonly Bar[]): (Bar & { readonly upTo: number })[] {
  let upTo = 0;
  return bars.map((bar) => ({ ...bar, upTo: upTo += bar.count }));
}

const WIDTH = 600;
const HEIGHT = 220;
const FOOT = 26;

function histogramSvg(bars: readonly Bar[], total: number): string {
  const most = Math.max(...bars.map(({ count }) => count));
  const width = WIDTH / bars.length;
  const drawn = bars.map(({ fromMs, toMs, count }, at) => {
    const height = ((HEIGHT - FOOT - 16) * count) / most;
    const title = `${sayValue(fromMs, 'ms')} to ${sayValue(toMs, 'ms')}: ${sayNumber(count)} answers, ${sayNumber((100 * count) / total)} %`;
    return `<rect class="bar" x="${round(at * width + 1)}" y="${round(HEIGHT - FOOT - height)}" width="${round(width - 2)}" height="${round(height)}"><title>${title}</title></rect>`;
  });
  const peak = bars.findIndex(({ count }) => count === most);
  const named = `<text class="tick" x="${round((peak + 0.5) * width)}" y="12" text-anchor="middle">${sayNumber((100 * most) / total)} %</text>`;
  const label = `Histogram of latencies: most answers, ${sayNumber((100 * most) / total)} %, took ${sayValue(bars[peak]?.fromMs ?? 0, 'ms')} to ${sayValue(bars[peak]?.toMs ?? 0, 'ms')}`;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(label)}">${drawn.join('')}${named}${ticksSvg(bars[0]?.fromMs ?? 1, bars.at(-1)?.toMs ?? 10, 0, HEIGHT)}</svg>`;
}

/** Upright lines at 1, 2 and 5 of each decade; of a wide range at the decades alone. */
function ticksSvg(fromMs: number, toMs: number, left: number, height: number): string {
  const decades = Math.log10(toMs / fromMs);
  const multiples = decades > 2.5 ? [1] : [1, 2, 5];
  const ticks = Array.from({ length: 12 }, (_, at) => at - 4).flatMap((power) => multiples.map((multiple) => multiple * 10 ** power)).filter((tick) => tick >= fromMs * 0.999 && tick <= toMs * 1.001);
  return ticks.map((tick) => {
    const x = round(left + ((WIDTH - left) * Math.log10(tick / fromMs)) / decades);
    const anchor = x > WIDTH - 20 ? 'end' : x < left + 20 ? 'start' : 'middle';
    return `<line class="grid" x1="${x}" x2="${x}" y1="16" y2="${height - FOOT}"/><text class="tick" x="${x}" y="${height - 8}" text-anchor="${anchor}">${escape(sayValue(tick, 'ms'))}</text>`;
  }).join('');
}

interface RangeRow {
  readonly name: string;
  readonly isJourney: boolean;
  readonly latency: ScopeSummary['latencyMs'];
}

const ROW = 24;
const NAMES = 190;

/** From the median to p99 as a bar, p95 as a mark in it. */
function rangesSvg(rows: readonly RangeRow[]): string {
  const known = rows.flatMap(({ name, isJourney, latency: { p50, p95, p99 } }) => (p50 === null || p95 === null || p99 === null ? [] : [{ name, isJourney, p50, p95, p99 }]));
  // A logarithm has no place for 0, and the engines measure whole µs.
  const [low, high] = [Math.max(0.001, Math.min(...known.map(({ p50 }) => p50))) * 0.8, Math.max(0.002, ...known.map(({ p99 }) => p99)) * 1.1];
  const height = known.length * ROW + 16 + FOOT;
  const x = (ms: number): number => round(NAMES + ((WIDTH - NAMES) * Math.log10(Math.max(ms, low) / low)) / Math.log10(high / low));
  const drawn = known.map(({ name, isJourney, p50, p95, p99 }, at) => {
    const y = 16 + at * ROW;
    const title = `${name}: p50 ${sayValue(p50, 'ms')}, p95 ${sayValue(p95, 'ms')}, p99 ${sayValue(p99, 'ms')}`;
    return `<g><title>${escape(title)}</title><text class="name${isJourney ? ' strong' : ''}" x="${isJourney ? 0 : 14}" y="${y + 16}">${escape(cut(name, 26))}</text><rect class="bar${isJourney ? '' : ' pale'}" x="${x(p50)}" y="${y + 7}" width="${round(Math.max(2, x(p99) - x(p50)))}" height="10" rx="2"/><rect class="mark" x="${round(x(p95) - 1.5)}" y="${y + 4}" width="3" height="16"/></g>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="p50, p95 and p99 by journey and request; the table of the traffic has the figures">${ticksSvg(low, high, NAMES, height)}${drawn.join('')}</svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
