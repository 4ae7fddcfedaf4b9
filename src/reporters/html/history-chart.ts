import type { ComparedMetric } from '../../model/comparison.ts';
import { metricOf } from '../../model/metrics.ts';
import type { HistoryPoint } from '../../model/past-run.ts';
import type { Unit } from '../../model/unit.ts';
import { sayChange } from '../history.ts';
import { sayValue } from '../words.ts';
import { escape } from './escape.ts';

/** What one drawing shows, the most important line drawn boldest. */
export interface HistoryChart {
  readonly title: string;
  readonly lines: readonly { readonly metric: ComparedMetric; readonly name: string; readonly isBold?: boolean; readonly isDotted?: boolean }[];
}

const [WIDTH, HEIGHT] = [720, 220];
const [LEFT, RIGHT, TOP, BOTTOM] = [58, 100, 34, 24];
/** Names at the ends of lines, and marks above, must not cover one another. */
const LINE_HEIGHT = 13;

/** Run after run at even distances, whatever lay between them; drawn here rather than in the browser, so that it needs no script and prints. */
export function drawHistory({ title, lines }: HistoryChart, points: readonly HistoryPoint[]): string {
  const values = points.flatMap(({ figures }) => lines.flatMap(({ metric }) => figures[metric] ?? []));
  if (values.length === 0) return '';
  const most = Math.max(...values) * 1.06 || 1;
  const x = (at: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * (at + 0.5)) / points.length;
  const y = (value: number): number => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * value) / most;
  const unit = metricOf(lines[0]?.metric ?? '')?.unit ?? '1';
  const grid = [0, 0.5, 1].map((share) => `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(share * most)}" y2="${y(share * most)}"/><text class="tick" x="${LEFT - 6}" y="${y(share * most) + 4}" text-anchor="end">${escape(sayValue(share * most, unit))}</text>`);
  const dates = [0, points.length - 1].filter((at, place, all) => all.indexOf(at) === place)
    .map((at) => `<text class="tick" x="${x(at)}" y="${HEIGHT - 6}" text-anchor="middle">${dayOf(points[at])}</text>`);
  return `<figure class="still"><figcaption>${escape(title)}</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(`${title} of ${points.length} runs; the table below holds the figures`)}">
${grid.join('')}${dates.join('')}${marks(lines, points, x)}${lines.map((line) => drawLine(line, points, x, y)).join('')}${names(lines, points, y, unit)}</svg></figure>`;
}

type Scale = (at: number) => number;

function drawLine({ metric, name, isBold, isDotted }: HistoryChart['lines'][number], points: readonly HistoryPoint[], x: Scale, y: Scale): string {
  const known = points.flatMap(({ figures, run }, at) => (figures[metric] === undefined ? [] : [{ at, value: figures[metric], id: run.id }]));
  const unit = metricOf(metric)?.unit ?? '1';
  const path = known.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const dots = known.map(({ at, value, id }) => `<circle class="bar" cx="${x(at).toFixed(1)}" cy="${y(value).toFixed(1)}" r="${isBold === true ? 3 : 2}"><title>${escape(`${id}: ${name} ${sayValue(value, unit)}`)}</title></circle>`);
  return `<polyline points="${path}" fill="none" stroke="var(--bar)" stroke-width="${isBold === true ? 2.5 : 1.25}"${isDotted === true ? ' stroke-dasharray="2 3"' : ''}/>${dots.join('')}`;
}

/** At the end of each line, the higher one first; where they would touch, further down. */
function names(lines: HistoryChart['lines'], points: readonly HistoryPoint[], y: Scale, unit: Unit): string {
  const last = lines.flatMap(({ metric, name }) => {
    const value = points.findLast(({ figures }) => figures[metric] !== undefined)?.figures[metric];
    return value === undefined ? [] : [{ name, value }];
  }).toSorted((a, b) => b.value - a.value);
  let lowest = -Infinity;
  return last.map(({ name, value }) => {
    const at = Math.max(y(value) + 4, lowest + LINE_HEIGHT);
    lowest = at;
    return `<text class="name" x="${WIDTH - RIGHT + 4}" y="${at.toFixed(1)}">${escape(`${name} ${sayValue(value, unit)}`.trim())}</text>`;
  }).join('');
}

/** Two rows of marks: neighbours are told apart. */
const MARK_ROWS = 2;

function marks(lines: HistoryChart['lines'], points: readonly HistoryPoint[], x: Scale): string {
  let count = 0;
  return points.flatMap(({ changes }, at) => {
    const found = changes.filter(({ metric }) => lines.some((line) => line.metric === metric));
    if (found.length === 0) return [];
    const isWorse = found.some(({ metric, changePercent }) => (metricOf(metric)?.better === 'higher') === (changePercent < 0));
    const said = found.map((change) => `${lines.find(({ metric }) => metric === change.metric)?.name ?? ''} ${sayChange(change)}`.trim()).join(', ');
    const between = (x(at) + x(at - 1)) / 2;
    const row = TOP - 8 - LINE_HEIGHT * (count++ % MARK_ROWS);
    const anchor = between > WIDTH * 0.7 ? 'end' : between < WIDTH * 0.3 ? 'start' : 'middle';
    return [`<line x1="${between}" x2="${between}" y1="${row + 3}" y2="${HEIGHT - BOTTOM}" stroke="var(--open)" stroke-width="1.5" stroke-dasharray="5 3"/><text x="${between}" y="${row}" text-anchor="${anchor}" font-size="12" font-weight="600" fill="var(--${isWorse ? 'bad' : 'good'})">${escape(said)}</text>`];
  }).join('');
}

function dayOf(point: HistoryPoint | undefined): string {
  return point === undefined ? '' : new Date(point.run.startedAtMs).toISOString().slice(0, 10);
}
