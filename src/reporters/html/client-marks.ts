/// <reference lib="dom" />
import type { Palette, Plot } from './client-plot.ts';
import type { ChartData, Panel } from './panels.ts';

type Limit = Panel['limits'][number];

/** What is not judged lies in the shade, behind everything (without a palette), with its name before everything. */
export function drawStages(plot: Plot, stages: ChartData['stages'], palette: Palette | null): void {
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  ctx.save();
  ctx.font = `${10 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  ctx.fillStyle = palette?.ink ?? 'rgba(128, 128, 128, 0.14)';
  for (const { name, from, to } of stages.filter(({ judged }) => !judged)) {
    const start = Math.max(left, plot.valToPos(from, 'x', true));
    const end = Math.min(left + width, plot.valToPos(to, 'x', true));
    if (end <= start) continue;
    if (palette === null) ctx.fillRect(start, top, end - start, height);
    else if (ctx.measureText(name).width + 8 * devicePixelRatio < end - start) ctx.fillText(name, start + 4 * devicePixelRatio, top + 4 * devicePixelRatio);
  }
  ctx.restore();
}

/** From the lowest to the highest second that a point stands for. */
export function drawBands(plot: Plot, panel: Panel, data: ChartData, palette: Palette): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const [index, { low, high }] of panel.lines.entries()) {
    if (!low || !high || plot.series[index + 1]?.show === false) continue;
    ctx.fillStyle = `${palette.lines[index % palette.lines.length] ?? palette.ink}33`;
    ctx.beginPath();
    for (const [at, second] of data.seconds.entries()) {
      const [from, to] = [low[at], high[at]];
      if (from === null || from === undefined || to === null || to === undefined) continue;
      const [left, right] = [plot.valToPos(second, 'x', true), plot.valToPos(second + data.secondsPerPoint, 'x', true)];
      if (right < bbox.left || left > bbox.left + bbox.width) continue;
      const [top, foot] = [plot.valToPos(to, 'y', true), plot.valToPos(from, 'y', true)];
      ctx.rect(left, top, Math.max(1, right - left), Math.max(1, foot - top));
    }
    ctx.fill();
  }
  ctx.restore();
}

/** Where the sign of a bottleneck first stood. */
export function drawOnsets(plot: Plot, onsets: ChartData['onsets'], palette: Palette): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = palette.ink;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.fillStyle = palette.ink;
  ctx.font = `${10 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textBaseline = 'top';
  for (const [at, { label, second }] of onsets.entries()) {
    const x = plot.valToPos(second, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    // On that side of the line where there is room; the next cause a line lower.
    const isLeft = x + ctx.measureText(label).width + 8 * devicePixelRatio > bbox.left + bbox.width;
    ctx.textAlign = isLeft ? 'right' : 'left';
    ctx.fillText(label, x + (isLeft ? -4 : 4) * devicePixelRatio, bbox.top + (16 + 12 * at) * devicePixelRatio);
  }
  ctx.restore();
}

/** The plan's limits as broken lines with their names; those beyond the chart as an arrow at its edge. */
export function drawLimits(plot: Plot, { limits, lines }: Panel, data: ChartData, palette: Palette): void {
  const { ctx, bbox } = plot;
  const top = plot.scales.y.max ?? 0;
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
  const [beyond]: Limit[] = limits.filter(({ value }) => value > top);
  if (beyond) drawLabel(plot, `↑ ${beyond.label}`, bbox.top + line - 3 * devicePixelRatio, beyond.isSign ? palette.sign : palette.limit, palette, taken);
  ctx.restore();
}

/** Points that lie between two heights in the right half, where names stand; of a long line a hundred are asked. */
export function crowdIn(plot: Plot, lines: Panel['lines'], data: ChartData, from: number, to: number): number {
  const half = Math.floor(data.seconds.length / 2);
  const stride = Math.max(1, Math.floor(half / 100));
  const heights = lines.flatMap(({ values }) => values.slice(half).filter((_, at) => at % stride === 0)).filter((value) => value !== null).map((value) => plot.valToPos(value, 'y', true));
  return heights.filter((y) => y >= from && y <= to).length;
}

/** On paper of its own so that no line runs through it; left out where another name stands: the text below the chart has all. */
export function drawLabel({ ctx, bbox }: Plot, text: string, baseline: number, colour: string, palette: Palette, taken: number[]): void {
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
