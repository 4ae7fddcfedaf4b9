import type { Estimate } from '../../model/estimate.ts';
import { sayNumber } from '../words.ts';
import { escape } from './escape.ts';

const WIDTH = 640;
const HEIGHT = 330;
const LEFT = 62;
const RIGHT = 14;
const TOP = 34;
const BOTTOM = 62;
const FLOOR = HEIGHT - BOTTOM;

export interface Mark {
  readonly load: number;
  readonly value: number;
  readonly colour: string;
  readonly isHollow: boolean;
  readonly title: string;
}

interface CurveAt {
  readonly load: number;
  /** Null: without end. */
  readonly low: number | null;
  readonly mid: number | null;
  readonly high: number | null;
}

/** One picture over the axis of loads. */
export interface Plot {
  readonly most: number;
  readonly xName: string;
  /** Users of the plan that one of the load stands for; null where the load is users of another kind. */
  readonly usersPerUnit: number | null;
  readonly edge: Estimate | null;
  /** Escaped. */
  readonly milestones: readonly { readonly load: number; readonly name: string; readonly title: string }[];
  readonly unit: string;
  readonly isLogarithmic: boolean;
  /** Whether to draw the line on which everything that is asked is answered. */
  readonly asked: boolean;
  readonly marks: readonly Mark[];
  readonly curve: readonly CurveAt[];
}

/** Stages as marks, the fitted curve with its bounds, the edge with its interval and the plan's milestones, in one SVG. */
export function drawPlot(plot: Plot): string {
  const { most, marks } = plot;
  const scale = scaleOf(plot);
  const x = (load: number): number => LEFT + (load / most) * (WIDTH - LEFT - RIGHT);
  const said = marks.map(({ title }) => title).join('; ');
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(said)}">${gridOf(plot, scale, x)}
${edgeOf(plot, x)}${milestonesOf(plot, x)}${curveOf(plot, scale, x)}
${marks.map(({ load, value, colour, isHollow, title }) => `<circle cx="${at(x(load))}" cy="${at(scale.y(value))}" r="${isHollow ? 3 : 4}" style="${isHollow ? `fill:none;stroke:${colour};stroke-width:1.5` : `fill:${colour}`}"><title>${escape(title)}</title></circle>`).join('')}
<text class="name" x="${WIDTH / 2}" y="${HEIGHT - 6}" text-anchor="middle">${escape(plot.xName)}</text></svg>`;
}

interface Scale {
  /** The highest value that is shown. */
  readonly high: number;
  readonly y: (value: number) => number;
  readonly ticks: readonly number[];
}

function scaleOf({ marks, isLogarithmic }: Plot): Scale {
  const values = marks.map(({ value }) => value).filter((value) => value > 0);
  const high = Math.max(1e-9, ...values) * (isLogarithmic ? 1.3 : 1.1);
  const low = isLogarithmic ? Math.min(...values, high / 10) / 1.3 : 0;
  const share = (value: number): number => (isLogarithmic ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : value / high);
  const y = (value: number): number => FLOOR - Math.min(1, Math.max(0, share(value))) * (FLOOR - TOP);
  return { high, y, ticks: isLogarithmic ? decades(low, high) : [0, 0.25, 0.5, 0.75, 1].map((part) => part * high) };
}

/** 1, 2 and 5 of each power of ten between the two. */
function decades(low: number, high: number): number[] {
  const from = Math.floor(Math.log10(low));
  const all = Array.from({ length: Math.ceil(Math.log10(high)) - from + 1 }, (_, step) => 10 ** (from + step)).flatMap((power) => [power, 2 * power, 5 * power]);
  return all.filter((value) => value >= low && value <= high);
}

function gridOf({ most, usersPerUnit }: Plot, { y, ticks }: Scale, x: (load: number) => number): string {
  const across = ticks.map((tick) => `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(tick))}" y2="${at(y(tick))}"/><text class="tick" x="${LEFT - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${sayNumber(tick)}</text>`);
  const along = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const load = part * most;
    const users = usersPerUnit === null ? '' : `<text class="tick" x="${at(x(load))}" y="${FLOOR + 30}" text-anchor="middle">(${sayNumber(Math.round(load * usersPerUnit))})</text>`;
    return `<text class="tick" x="${at(x(load))}" y="${FLOOR + 16}" text-anchor="${part === 1 ? 'end' : 'middle'}">${sayNumber(load)}</text>${part === 1 ? users.replace('middle', 'end') : users}`;
  });
  return [...across, ...along].join('');
}

function edgeOf({ edge }: Plot, x: (load: number) => number): string {
  if (edge === null) return '';
  return `<rect x="${at(x(edge.low))}" y="${TOP}" width="${at(Math.max(1, x(edge.high) - x(edge.low)))}" height="${FLOOR - TOP}" fill="currentColor" opacity=".12"/><line class="mark" x1="${at(x(edge.mid))}" x2="${at(x(edge.mid))}" y1="${TOP}" y2="${FLOOR}" stroke="currentColor" stroke-width="1.5"/><text class="name" x="${at(x(edge.mid))}" y="${TOP - 8}" text-anchor="middle">edge ${sayNumber(edge.mid)} (${sayNumber(edge.low)}–${sayNumber(edge.high)})</text>`;
}

function milestonesOf({ milestones }: Plot, x: (load: number) => number): string {
  return milestones.map(({ load, name, title }, place) => `<g><title>${title}</title><line x1="${at(x(load))}" x2="${at(x(load))}" y1="${TOP}" y2="${FLOOR}" stroke="currentColor" opacity=".55" stroke-dasharray="4 3"/><text class="tick" x="${at(x(load) + 3)}" y="${TOP + 10 + 12 * (place % 3)}">${name}</text></g>`).join('');
}

function curveOf({ curve, most, asked }: Plot, { y, high }: Scale, x: (load: number) => number): string {
  const drawn = curve.filter(({ load }) => load <= most);
  const line = (points: readonly (readonly [number, number])[]): string => points.map(([px, py], step) => `${step === 0 ? 'M' : 'L'}${at(px)} ${at(py)}`).join('');
  const upper = drawn.map(({ load, high: top }) => [x(load), y(top ?? Infinity)] as const);
  const lower = drawn.flatMap(({ load, low }) => (low === null ? [] : [[x(load), y(low)] as const])).toReversed();
  const mid = drawn.flatMap(({ load, mid: value }) => (value === null || y(value) <= TOP ? [] : [[x(load), y(value)] as const]));
  const corner = Math.min(most, high);
  const diagonal = asked ? `<path d="${line([[x(0), y(0)], [x(corner), y(corner)]])}" fill="none" style="stroke:var(--line)" stroke-width="1.5"/>` : '';
  const band = lower.length < 2 ? '' : `<path class="band" d="${line([...upper, ...lower])}Z" style="fill:var(--bar)" opacity=".18"/>`;
  return `${diagonal}${band}<path class="law" d="${line(mid)}" fill="none" style="stroke:var(--bar)" stroke-width="1.5"/>`;
}

function at(value: number): string {
  return value.toFixed(1);
}
