/// <reference lib="dom" />
import type { ChartData, Panel } from './panels.ts';

/**
 * What runs in the browser. Each function is put into the page as its own text (see `CLIENT`), so they may use one another, the page and
 * uPlot, which stands before them, and nothing else.
 */
export const CLIENT = [start, drawAll, paletteOf, drawPanel, optionsOf, drawStages, drawLimits, drawLabel, crowdIn, sayClock, sayFigure];

/** As much of uPlot as is used here. */
interface Plot {
  readonly ctx: CanvasRenderingContext2D;
  readonly bbox: { left: number; top: number; width: number; height: number };
  valToPos(value: number, scale: string, isCanvas: boolean): number;
  setSize(size: { width: number; height: number }): void;
  destroy(): void;
}

type Limit = Panel['limits'][number];

interface Palette {
  readonly ink: string;
  readonly paper: string;
  readonly grid: string;
  readonly limit: string;
  readonly sign: string;
  readonly lines: readonly string[];
}

/** Draws, and draws again when the screen turns dark or the page goes to paper. */
export function start(): void {
  const text = document.querySelector('#chart-data')?.textContent;
  if (!text) return;
  const data = JSON.parse(text) as ChartData;
  const dark = globalThis.matchMedia('(prefers-color-scheme: dark)');
  let plots = drawAll(data, dark.matches);
  const redraw = (isDark: boolean): void => {
    for (const { plot, watcher } of plots) {
      watcher.disconnect();
      plot.destroy();
    }
    plots = drawAll(data, isDark);
  };
  dark.addEventListener('change', () => redraw(dark.matches));
  globalThis.addEventListener('beforeprint', () => redraw(false));
  globalThis.addEventListener('afterprint', () => redraw(dark.matches));
}

function drawAll(data: ChartData, isDark: boolean): { plot: Plot; watcher: ResizeObserver }[] {
  return data.panels.flatMap((panel) => {
    const holder = document.querySelector<HTMLElement>(`#chart-${panel.id}`);
    return holder ? [drawPanel(panel, data, paletteOf(isDark), holder)] : [];
  });
}

/** Six hues that can be told apart by most colour-blind eyes too, none of them the red and amber of limits. */
function paletteOf(isDark: boolean): Palette {
  return isDark
    ? { ink: '#a3abb8', paper: '#14171c', grid: '#2a303a', limit: '#f87171', sign: '#fbbf24', lines: ['#60a5fa', '#34d399', '#c084fc', '#22d3ee', '#f9a8d4', '#d4d4aa'] }
    : { ink: '#5b6472', paper: '#ffffff', grid: '#e9ebef', limit: '#b91c1c', sign: '#a16207', lines: ['#1d4ed8', '#059669', '#9333ea', '#0891b2', '#db2777', '#57534e'] };
}

function drawPanel(panel: Panel, data: ChartData, palette: Palette, holder: HTMLElement): { plot: Plot; watcher: ResizeObserver } {
  const Chart = (globalThis as unknown as { uPlot: new (options: unknown, data: unknown, element: Element) => Plot }).uPlot;
  const peak = Math.max(0, ...panel.lines.flatMap(({ values }) => values.map((value) => value ?? 0)));
  // A limit far above everything measured would press the lines flat: it is named at the upper edge instead.
  const [nearest] = panel.limits.map(({ value }) => value).filter((value) => value > 0).sort((a, b) => a - b);
  const reach = peak > 0 ? peak * 2 : (nearest ?? 1);
  const isShown = ({ value }: Limit): boolean => value <= reach;
  const top = Math.max(peak, ...panel.limits.filter(isShown).map(({ value }) => value)) * 1.15 || 1;
  const height = 230;
  const plot = new Chart(
    { ...optionsOf(panel, data, palette, top), width: holder.clientWidth || 640, height },
    [data.seconds, ...panel.lines.map(({ values }) => values)], holder,
  );
  const highest = panel.lines.map(({ label, values }) => `${label} at most ${sayFigure(Math.max(0, ...values.map((value) => value ?? 0)))}`);
  holder.querySelector('canvas')?.setAttribute('role', 'img');
  holder.querySelector('canvas')?.setAttribute('aria-label', `${panel.title}: ${highest.join(', ')} ${panel.unit === '1' ? '' : panel.unit}`);
  const watcher = new ResizeObserver(() => plot.setSize({ width: holder.clientWidth || 640, height }));
  watcher.observe(holder);
  return { plot, watcher };
}

function optionsOf(panel: Panel, data: ChartData, palette: Palette, top: number): Record<string, unknown> {
  const axis = { stroke: palette.ink, grid: { stroke: palette.grid, width: 1 }, ticks: { stroke: palette.grid, width: 1 } };
  const last = (data.seconds.at(-1) ?? 0) + data.secondsPerPoint;
  return {
    cursor: { sync: { key: 'run' }, points: { size: 6 } },
    scales: { x: { time: false, range: (_: Plot, from: number, to: number) => [from, to + data.secondsPerPoint >= last ? last : to] }, y: { range: [0, top] } },
    axes: [
      { ...axis, size: 32, incrs: [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400], space: 60, values: (_: Plot, ticks: number[]) => ticks.map(sayClock) },
      { ...axis, size: 56, space: 40, values: (_: Plot, ticks: number[]) => ticks.map(sayFigure) },
    ],
    series: [
      { label: 'at', value: (_: Plot, second: number | null) => (second === null ? '' : sayClock(second)) },
      ...panel.lines.map(({ label, isBackground }, index) => ({
        label, stroke: `${palette.lines[index % palette.lines.length] ?? palette.ink}${isBackground ? '77' : ''}`, width: isBackground ? 5 : 1.75, spanGaps: true, points: { show: false },
        value: (_: Plot, value: number | null) => (value === null ? '' : sayFigure(value)),
      })),
    ],
    hooks: {
      drawClear: [(plot: Plot) => drawStages(plot, data.stages, palette)],
      draw: [(plot: Plot) => drawLimits(plot, panel, data, palette, top)],
    },
  };
}

/** What is not judged lies in the shade, with its name. */
function drawStages(plot: Plot, stages: ChartData['stages'], palette: Palette): void {
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  ctx.save();
  ctx.font = `${10 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  for (const { name, judged, from, to } of stages) {
    const start = Math.max(left, plot.valToPos(from, 'x', true));
    const end = Math.min(left + width, plot.valToPos(to, 'x', true));
    if (end <= start) continue;
    ctx.fillStyle = 'rgba(128, 128, 128, 0.14)';
    if (!judged) ctx.fillRect(start, top, end - start, height);
    ctx.fillStyle = palette.ink;
    if (!judged && ctx.measureText(name).width + 8 * devicePixelRatio < end - start) ctx.fillText(name, start + 4 * devicePixelRatio, top + 4 * devicePixelRatio);
  }
  ctx.restore();
}

/** The plan's limits as broken lines with their names; those beyond the chart as an arrow at its edge. */
function drawLimits(plot: Plot, { limits, lines }: Panel, data: ChartData, palette: Palette, top: number): void {
  const { ctx, bbox } = plot;
  const taken: number[] = [];
  const line = 15 * devicePixelRatio;
  ctx.save();
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  for (const limit of limits.filter(({ value }) => value <= top)) {
    const y = plot.valToPos(limit.value, 'y', true);
    const colour = limit.isSign ? palette.sign : palette.limit;
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1.25 * devicePixelRatio;
    ctx.setLineDash(limit.isSign ? [2 * devicePixelRatio, 3 * devicePixelRatio] : [6 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    // The name stands on that side of its line where it hides less.
    const isBelow = y - line < bbox.top || (y + line < bbox.top + bbox.height && crowdIn(plot, lines, data, y, y + line) < crowdIn(plot, lines, data, y - line, y));
    drawLabel(plot, limit.label, isBelow ? y + line - 3 * devicePixelRatio : y - 4 * devicePixelRatio, colour, palette, taken);
  }
  const [beyond] = limits.filter(({ value }) => value > top);
  if (beyond) drawLabel(plot, `↑ ${beyond.label}`, bbox.top + line - 3 * devicePixelRatio, beyond.isSign ? palette.sign : palette.limit, palette, taken);
  ctx.restore();
}

/** Points that lie between two heights in the right half, where names stand. */
function crowdIn(plot: Plot, lines: Panel['lines'], data: ChartData, from: number, to: number): number {
  const half = Math.floor(data.seconds.length / 2);
  const heights = lines.flatMap(({ values }) => values.slice(half)).filter((value) => value !== null).map((value) => plot.valToPos(value, 'y', true));
  return heights.filter((y) => y >= from && y <= to).length;
}

/** On paper of its own so that no line runs through it; left out where another name stands: the text below the chart has all. */
function drawLabel({ ctx, bbox }: Plot, text: string, baseline: number, colour: string, palette: Palette, taken: number[]): void {
  if (taken.some((other) => Math.abs(other - baseline) < 15 * devicePixelRatio)) return;
  taken.push(baseline);
  const width = Math.min(ctx.measureText(text).width, bbox.width - 12 * devicePixelRatio);
  const right = bbox.left + bbox.width - 4 * devicePixelRatio;
  ctx.globalAlpha = 0.75;
  ctx.fillStyle = palette.paper;
  ctx.fillRect(right - width - 3 * devicePixelRatio, baseline - 11 * devicePixelRatio, width + 6 * devicePixelRatio, 14 * devicePixelRatio);
  ctx.globalAlpha = 1;
  ctx.fillStyle = colour;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'alphabetic';
  ctx.fillText(text, right, baseline, width);
}

/** Minutes and seconds since the run's start, as in timeseries.csv. */
function sayClock(second: number): string {
  const whole = Math.round(second);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

function sayFigure(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
