/// <reference lib="dom" />
import type { ChartData, Panel } from './panels.ts';

/** As much of uPlot as is used here; the library itself is inlined before this script. */
interface Plot {
  readonly ctx: CanvasRenderingContext2D;
  readonly bbox: { left: number; top: number; width: number; height: number };
  valToPos(value: number, scale: string, isCanvas: boolean): number;
  setSize(size: { width: number; height: number }): void;
}

/**
 * Draws the charts in the browser. It is put into the page as text, so it must not use anything from outside its own braces
 * but the page and uPlot.
 */
export function drawCharts(): void {
  const uPlot = (globalThis as unknown as { uPlot: new (options: unknown, data: unknown, element: Element) => Plot }).uPlot;
  const source = document.querySelector('#chart-data');
  if (!source?.textContent) return;
  const data = JSON.parse(source.textContent) as ChartData;
  const colours = ['#2563eb', '#d97706', '#dc2626', '#059669', '#7c3aed', '#0891b2'];
  const seconds = Array.from({ length: data.seconds }, (_, second) => second);
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue('--ink').trim();
  const grid = style.getPropertyValue('--line').trim();

  const limitLine = (plot: Plot, label: string, value: number): void => {
    const y = plot.valToPos(value, 'y', true);
    const { left, top, width, height } = plot.bbox;
    if (y < top || y > top + height) return;
    plot.ctx.save();
    plot.ctx.strokeStyle = '#dc2626';
    plot.ctx.fillStyle = '#dc2626';
    plot.ctx.setLineDash([6, 4]);
    plot.ctx.beginPath();
    plot.ctx.moveTo(left, y);
    plot.ctx.lineTo(left + width, y);
    plot.ctx.stroke();
    plot.ctx.textAlign = 'right';
    plot.ctx.fillText(label, left + width - 4, y - 4);
    plot.ctx.restore();
  };
  const shadeUnjudged = (plot: Plot): void => {
    const { left, top, width, height } = plot.bbox;
    plot.ctx.save();
    plot.ctx.fillStyle = 'rgba(128, 128, 128, 0.12)';
    for (const stage of data.stages.filter((one) => !one.judged)) {
      const from = Math.max(left, plot.valToPos(stage.from, 'x', true));
      const to = Math.min(left + width, plot.valToPos(stage.to, 'x', true));
      if (to > from) plot.ctx.fillRect(from, top, to - from, height);
    }
    plot.ctx.restore();
  };
  const highest = (panel: Panel): number => Math.max(...panel.lines.flatMap((line) => line.values.map((value) => value ?? 0)), 0);
  const draw = (panel: Panel): void => {
    const holder = document.querySelector(`#chart-${panel.id}`);
    if (!holder) return;
    const top = highest(panel);
    // A limit far above everything measured would press the lines flat: it is named under the chart instead.
    const shown = panel.limits.filter((limit) => limit.value <= top * 4);
    const range = Math.max(top, ...shown.map((limit) => limit.value)) * 1.08 || 1;
    const plot = new uPlot({
      width: holder.clientWidth || 640,
      height: 220,
      cursor: { sync: { key: 'run' } },
      scales: { x: { time: false }, y: { range: [0, range] } },
      axes: [
        { stroke: ink, grid: { stroke: grid }, values: (_: Plot, ticks: number[]) => ticks.map((tick) => `${tick} s`) },
        { stroke: ink, grid: { stroke: grid }, size: 64, values: (_: Plot, ticks: number[]) => ticks.map((tick) => `${Number(tick.toPrecision(4))} ${panel.unit === '1' ? '' : panel.unit}`) },
      ],
      series: [
        { label: 'second' },
        ...panel.lines.map((line, index) => ({ label: line.label, stroke: colours[index % colours.length], width: 1.5, spanGaps: true })),
      ],
      hooks: { drawClear: [shadeUnjudged], draw: [(own: Plot) => shown.forEach((limit) => limitLine(own, limit.label, limit.value))] },
    }, [seconds, ...panel.lines.map((line) => line.values)], holder);
    new ResizeObserver(() => plot.setSize({ width: holder.clientWidth || 640, height: 220 })).observe(holder);
  };
  data.panels.forEach(draw);
}
