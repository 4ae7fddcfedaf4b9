/// <reference lib="dom" />
import { copy, copyButton, tableMarkdown, tableOf, wireCopy, wireKeys, wireLegend, wireTables, wireZoom, zoom } from './client-controls.ts';
import { crowdIn, drawBands, drawLabel, drawLimits, drawOnsets, drawStages } from './client-marks.ts';
import { sayClock, sayFigure, sayValueAt, type Palette, type Plot } from './client-plot.ts';
import type { ChartData, Panel } from './panels.ts';

/**
 * What runs in the browser. Each function is put into the page as its own text, so they may use one another, the page and uPlot, which
 * stands before them, and nothing else: no constant of a module, and no name given anew by an import.
 */
export const CLIENT = [
  start, windowOf, inTurn, paletteOf, drawPanel, optionsOf, topOf, sayClock, sayFigure, sayValueAt,
  drawStages, drawBands, drawOnsets, drawLimits, drawLabel, crowdIn,
  wireZoom, zoom, wireKeys, wireLegend, wireTables, tableOf, wireCopy, copyButton, copy, tableMarkdown,
];

interface Drawn {
  readonly plot: Plot;
  readonly watcher: ResizeObserver;
  readonly holder: HTMLElement;
}

/** Draws, and draws again when the screen turns dark or the page goes to paper. */
function start(): void {
  const text = document.querySelector('#chart-data')?.textContent;
  if (!text) return;
  const data = JSON.parse(text) as ChartData & { readonly markdown: string };
  const dark = globalThis.matchMedia('(prefers-color-scheme: dark)');
  const drawn: Drawn[] = [];
  const plots = (): Plot[] => drawn.map(({ plot }) => plot);
  const draw = (panel: Panel, palette: Palette, paperWidth: number | null, window = windowOf(plots())): void => {
    const holder = document.querySelector<HTMLElement>(`#chart-${panel.id}`);
    if (!holder || drawn.some((one) => one.holder === holder)) return;
    const one = drawPanel(panel, data, palette, holder, plots, paperWidth);
    if (window) one.plot.setScale('x', window);
    drawn.push(one);
  };
  const redraw = (isDark: boolean, isPaper: boolean): void => {
    const window = windowOf(plots());
    for (const { plot, watcher, holder } of drawn.splice(0)) {
      watcher.disconnect();
      plot.destroy();
      holder.replaceWith(holder.cloneNode(false));
    }
    // The width of paper is known only after this: what is drawn is fitted to it.
    for (const panel of data.panels) draw(panel, paletteOf(isDark), isPaper ? 480 : null, window);
  };
  inTurn(data.panels, (panel) => draw(panel, paletteOf(dark.matches), null));
  wireZoom(data, plots);
  wireTables(data);
  wireCopy(data.markdown);
  dark.addEventListener('change', () => redraw(dark.matches, false));
  globalThis.addEventListener('beforeprint', () => redraw(false, true));
  globalThis.addEventListener('afterprint', () => redraw(dark.matches, false));
}

/** What the charts show of the run; undefined before the first has settled. */
function windowOf([first]: readonly Plot[]): { min: number; max: number } | undefined {
  const { min, max } = first?.scales.x ?? {};
  return typeof min === 'number' && typeof max === 'number' ? { min, max } : undefined;
}

/** What is seen first at once, the others as the browser finds time: the page answers while it is still drawing. */
function inTurn(panels: readonly Panel[], draw: (panel: Panel) => void): void {
  const waiting = [...panels];
  const next = (): void => {
    const panel = waiting.shift();
    if (panel) draw(panel);
    if (waiting.length > 0) setTimeout(next);
    else document.documentElement.dataset['drawn'] = 'all';
  };
  next();
}

/** Six hues that can be told apart by most colour-blind eyes too, none of them the red and amber of limits. */
function paletteOf(isDark: boolean): Palette {
  return isDark
    ? { ink: '#a3abb8', paper: '#14171c', grid: '#2a303a', limit: '#f87171', sign: '#fbbf24', lines: ['#60a5fa', '#34d399', '#c084fc', '#22d3ee', '#f9a8d4', '#d4d4aa'] }
    : { ink: '#5b6472', paper: '#ffffff', grid: '#e9ebef', limit: '#b91c1c', sign: '#a16207', lines: ['#1d4ed8', '#059669', '#9333ea', '#0891b2', '#db2777', '#57534e'] };
}

function drawPanel(panel: Panel, data: ChartData, palette: Palette, holder: HTMLElement, plots: () => readonly Plot[], paperWidth: number | null): Drawn {
  const Chart = (globalThis as unknown as { uPlot: new (options: unknown, data: unknown, element: Element) => Plot }).uPlot;
  const isWide = holder.closest('.timeline') !== null;
  const height = isWide ? 170 : 230;
  const width = paperWidth === null ? holder.clientWidth || 640 : paperWidth * (isWide ? 2 : 1);
  const plot = new Chart(
    { ...optionsOf(panel, data, palette), width, height },
    [data.seconds, ...panel.lines.map(({ values }) => values)], holder,
  );
  const highest = panel.lines.map(({ label, values, high }) => `${label} at most ${sayFigure(Math.max(0, ...(high ?? values).map((value) => value ?? 0)))}`);
  const canvas = holder.querySelector('canvas');
  canvas?.setAttribute('role', 'img');
  canvas?.setAttribute('aria-label', `${panel.title}: ${highest.join(', ')} ${panel.unit === '1' ? '' : panel.unit}`);
  wireLegend(holder);
  wireKeys(holder, panel, data, plot, plots);
  const watcher = new ResizeObserver(() => plot.setSize({ width: holder.clientWidth || 640, height }));
  if (paperWidth === null) watcher.observe(holder);
  return { plot, watcher, holder };
}

function optionsOf(panel: Panel, data: ChartData, palette: Palette): Record<string, unknown> {
  const axis = { stroke: palette.ink, grid: { stroke: palette.grid, width: 1 }, ticks: { stroke: palette.grid, width: 1 } };
  const last = (data.seconds.at(-1) ?? 0) + data.secondsPerPoint;
  return {
    cursor: { sync: { key: 'run' }, points: { size: 6 } },
    scales: {
      x: { time: false, range: (_: Plot, from: number, to: number) => [from, to + data.secondsPerPoint >= last ? last : to] },
      y: { range: (plot: Plot) => [0, topOf(panel, plot)] },
    },
    axes: [
      { ...axis, size: 32, incrs: [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400], space: 60, values: (_: Plot, ticks: number[]) => ticks.map(sayClock) },
      { ...axis, size: 56, space: 40, values: (_: Plot, ticks: number[]) => ticks.map(sayFigure) },
    ],
    series: [
      { label: 'at', value: (_: Plot, second: number | null) => (second === null ? '' : sayClock(second)) },
      ...panel.lines.map(({ label, isBackground, low, high }, index) => ({
        label, stroke: `${palette.lines[index % palette.lines.length] ?? palette.ink}${isBackground ? '77' : ''}`, width: isBackground ? 5 : 1.75, spanGaps: true, points: { show: false },
        value: (_: Plot, value: number | null, __: number, at: number | null) => (value === null ? '' : `${sayFigure(value)}${at === null || !low || !high ? '' : ` (${sayValueAt(low[at])}–${sayValueAt(high[at])})`}`),
      })),
    ],
    hooks: {
      drawClear: [(plot: Plot) => { drawStages(plot, data.stages, null); drawBands(plot, panel, data, palette); }],
      draw: [(plot: Plot) => { drawStages(plot, data.stages, palette); drawOnsets(plot, data.onsets, palette); drawLimits(plot, panel, data, palette); }],
    },
  };
}

/** Room for what is seen in the window. A limit far above it would press the lines flat: it is named at the upper edge instead. */
function topOf(panel: Panel, plot: Plot): number {
  const [from, to] = plot.series[0]?.idxs ?? [0, Infinity];
  const shown = panel.lines.filter((_, index) => plot.series[index + 1]?.show !== false);
  let peak = 0;
  for (const { values, high } of shown) {
    for (const value of (high ?? values).slice(from, to + 1)) if (value !== null && value > peak) peak = value;
  }
  const [nearest] = panel.limits.map(({ value }) => value).filter((value) => value > 0).sort((a, b) => a - b);
  const reach = peak > 0 ? peak * 2 : (nearest ?? 1);
  return Math.max(peak, ...panel.limits.map(({ value }) => value).filter((value) => value <= reach)) * 1.15 || 1;
}
