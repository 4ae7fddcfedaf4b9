/// <reference lib="dom" />

/** One chart of the page: lines over days, and heights with a name. */
export interface ForecastChart {
  readonly id: string;
  readonly title: string;
  /** Where the largest value is many times the smallest, a straight scale would press half of the marks onto its foot. */
  readonly isLogarithmic: boolean;
  readonly lines: readonly { readonly label: string; readonly values: readonly (number | null)[]; readonly isEdge: boolean }[];
  readonly marks: readonly { readonly label: string; readonly value: number }[];
}

export interface ForecastCharts {
  /** Seconds since 1970, the first of each month. */
  readonly times: readonly number[];
  readonly charts: readonly ForecastChart[];
}

/** What runs in the browser, each function as its own text; they may use one another, the page and uPlot. */
export const FORECAST_CLIENT = [drawForecast, drawChart, drawMarks, coloursOf];

interface Plot {
  readonly ctx: CanvasRenderingContext2D;
  readonly bbox: { left: number; top: number; width: number; height: number };
  valToPos(value: number, scale: string, isCanvas: boolean): number;
  setSize(size: { width: number; height: number }): void;
  destroy(): void;
}

interface Colours {
  readonly ink: string;
  readonly grid: string;
  readonly mark: string;
  readonly line: string;
}

/** Draws, and draws again when the screen turns dark or the page goes to paper. */
function drawForecast(): void {
  const text = document.querySelector('#chart-data')?.textContent;
  if (!text) return;
  const data = JSON.parse(text) as ForecastCharts;
  const dark = globalThis.matchMedia('(prefers-color-scheme: dark)');
  let drawn: { plot: Plot; watcher: ResizeObserver }[] = [];
  const draw = (isDark: boolean): void => {
    for (const { plot, watcher } of drawn) {
      watcher.disconnect();
      plot.destroy();
    }
    drawn = data.charts.map((chart) => drawChart(chart, data.times, coloursOf(isDark)));
  };
  draw(dark.matches);
  dark.addEventListener('change', () => draw(dark.matches));
  globalThis.addEventListener('beforeprint', () => draw(false));
  globalThis.addEventListener('afterprint', () => draw(dark.matches));
}

function coloursOf(isDark: boolean): Colours {
  return isDark ? { ink: '#a3abb8', grid: '#2a303a', mark: '#fbbf24', line: '#60a5fa' } : { ink: '#5b6472', grid: '#e9ebef', mark: '#a16207', line: '#1d4ed8' };
}

function drawChart(chart: ForecastChart, times: readonly number[], colours: Colours): { plot: Plot; watcher: ResizeObserver } {
  const Chart = (globalThis as unknown as { uPlot: new (options: unknown, data: unknown, element: Element) => Plot }).uPlot;
  const holder = document.querySelector<HTMLElement>(`#chart-${chart.id}`) ?? document.body;
  const axis = { stroke: colours.ink, grid: { stroke: colours.grid, width: 1 }, ticks: { stroke: colours.grid, width: 1 } };
  const say = (value: number): string => Number(value.toPrecision(3)).toLocaleString('en-US');
  const day = (time: number): string => new Date(time * 1000).toISOString().slice(0, 10);
  const height = 300;
  const plot = new Chart({
    width: holder.clientWidth || 640, height,
    scales: { x: { time: false }, y: chart.isLogarithmic ? { distr: 3 } : { range: (_: Plot, low: number, high: number) => [Math.min(0, low), (high || 1) * 1.1] } },
    axes: [{ ...axis, space: 90, values: (_: Plot, ticks: number[]) => ticks.map((tick) => day(tick).slice(0, 7)) }, { ...axis, size: 70, values: (_: Plot, ticks: (number | null)[]) => ticks.map((tick) => (tick === null ? '' : say(tick))) }],
    series: [
      { label: 'on', value: (_: Plot, time: number | null) => (time === null ? '' : day(time)) },
      ...chart.lines.map(({ label, isEdge }) => ({
        label, stroke: colours.line, width: isEdge ? 1 : 2, dash: isEdge ? [4, 4] : [], points: { show: false }, value: (_: Plot, value: number | null) => (value === null ? '' : say(value)),
      })),
    ],
    hooks: { draw: [(drawn: Plot) => drawMarks(drawn, chart, colours)] },
  }, [times, ...chart.lines.map(({ values }) => values)], holder);
  holder.querySelector('canvas')?.setAttribute('role', 'img');
  holder.querySelector('canvas')?.setAttribute('aria-label', `${chart.title}; the tables hold the same figures`);
  const watcher = new ResizeObserver(() => plot.setSize({ width: holder.clientWidth || 640, height }));
  watcher.observe(holder);
  return { plot, watcher };
}

/** Milestones as broken lines with their names. */
function drawMarks(plot: Plot, { marks }: ForecastChart, { mark }: Colours): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.strokeStyle = mark;
  ctx.fillStyle = mark;
  ctx.textAlign = 'left';
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  let lowest = Infinity;
  for (const { label, value } of [...marks].sort((a, b) => a.value - b.value)) {
    const y = plot.valToPos(value, 'y', true);
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    // A name on another one could not be read; the table below has all.
    if (lowest - y < 14 * devicePixelRatio) continue;
    lowest = y;
    ctx.fillText(label, bbox.left + 6 * devicePixelRatio, y - 4 * devicePixelRatio);
  }
  ctx.restore();
}
