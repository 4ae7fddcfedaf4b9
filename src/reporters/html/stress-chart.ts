import type { Report } from '../../model/report.ts';
import type { StressFindings, StressStage } from '../../model/stress.ts';
import { sayNumber } from '../words.ts';
import { escape } from './escape.ts';

const WIDTH = 640;
const HEIGHT = 300;
const LEFT = 62;
const RIGHT = 14;
const TOP = 30;
const BOTTOM = 48;

/** Load against throughput, and against latency: drawn here rather than in the browser, for they have a few dozen marks and must print. */
export function stressCharts(report: Report, stress: StressFindings): string {
  const stages = stress.stages.filter(({ outcome }) => outcome !== 'generator');
  if (stages.length === 0) return '';
  const perSec = stress.by === 'rate';
  const most = Math.max(...stages.map(({ load }) => load), stress.edge?.high ?? 0) * 1.08;
  // The law speaks of throughput; where the load is a rate, what is asked and what is answered are the same until it breaks.
  const curve = perSec ? (stress.model?.curve ?? []) : [];
  const frame = { most, stress, milestones: milestonesOn(report, most, stress) };
  return `<div class="charts"><figure class="still"><figcaption>Answered per second</figcaption>${chart({ ...frame, unit: '/s', values: stages.map((stage) => [stage, stage.throughputPerSec]), line: perSec ? [[0, 0], [most, most]] : [], curve: [] })}</figure>
<figure class="still"><figcaption>Latency, p95 <span class="dim">(line: mean by the scalability law)</span></figcaption>${chart({ ...frame, unit: ' ms', values: stages.flatMap((stage) => (stage.p95Ms === null ? [] : [[stage, stage.p95Ms] as const])), line: [], curve: curve.map(([, x, y]) => [x, y] as const) })}</figure></div>`;
}

interface Frame {
  readonly most: number;
  readonly stress: StressFindings;
  readonly milestones: readonly { readonly at: number; readonly name: string }[];
  readonly unit: string;
  readonly values: readonly (readonly [StressStage, number])[];
  /** Asked = answered. */
  readonly line: readonly (readonly [number, number])[];
  readonly curve: readonly (readonly [number, number])[];
}

function chart({ most, stress, milestones, unit, values, line, curve }: Frame): string {
  const high = Math.max(1e-9, ...values.map(([, value]) => value)) * 1.1;
  const x = (load: number): number => LEFT + (load / most) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (Math.min(value, high) / high) * (HEIGHT - TOP - BOTTOM);
  const path = (points: readonly (readonly [number, number])[]): string => points.filter(([load, value]) => load <= most && value <= high).map(([load, value], at) => `${at === 0 ? 'M' : 'L'}${x(load).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  const { edge, by } = stress;
  const band = edge === null ? '' : `<rect x="${x(edge.low).toFixed(1)}" y="${TOP}" width="${Math.max(1, x(edge.high) - x(edge.low)).toFixed(1)}" height="${HEIGHT - TOP - BOTTOM}" fill="currentColor" opacity=".12"/><line class="mark" x1="${x(edge.mid).toFixed(1)}" x2="${x(edge.mid).toFixed(1)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="currentColor" stroke-width="1.5"/><text class="name" x="${x(edge.mid).toFixed(1)}" y="${TOP - 6}" text-anchor="middle">edge ${sayNumber(edge.mid)}</text>`;
  const marks = milestones.map(({ at, name }) => `<line class="grid" x1="${x(at).toFixed(1)}" x2="${x(at).toFixed(1)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke-dasharray="4 3"/><text class="tick" x="${(x(at) + 3).toFixed(1)}" y="${HEIGHT - BOTTOM - 5}">${escape(name)}</text>`).join('');
  const points = values.map(([stage, value]) => `<circle cx="${x(stage.load).toFixed(1)}" cy="${y(value).toFixed(1)}" r="4" style="fill:${stage.outcome === 'breaks' ? 'var(--bad)' : stage.outcome === 'holds' ? 'var(--good)' : 'var(--open)'}"><title>${escape(`${sayNumber(stage.load)}: ${sayNumber(value)}${unit}, ${stage.outcome}`)}</title></circle>`).join('');
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const said = values.map(([stage, value]) => `${sayNumber(stage.load)}: ${sayNumber(value)}${unit}`).join(', ');
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(said)}">${ticks.map((tick) => `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(tick * high).toFixed(1)}" y2="${y(tick * high).toFixed(1)}"/><text class="tick" x="${LEFT - 6}" y="${(y(tick * high) + 4).toFixed(1)}" text-anchor="end">${sayNumber(tick * high)}</text><text class="tick" x="${x(tick * most).toFixed(1)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${sayNumber(tick * most)}</text>`).join('')}
${band}${marks}<path d="${path(line)}" fill="none" style="stroke:var(--line)" stroke-width="1.5"/><path d="${path(curve)}" fill="none" style="stroke:var(--bar)" stroke-width="1.5"/>${points}
<text class="name" x="${WIDTH / 2}" y="${HEIGHT - 8}" text-anchor="middle">${by === 'rate' ? 'requests per second asked for' : 'users at the same time'}</text></svg>`;
}

/** Milestones of the plan on the same axis: their users as a rate. */
function milestonesOn({ plan }: Report, most: number, { by }: StressFindings): Frame['milestones'] {
  if (by !== 'rate') return [];
  const perUser = plan.load.requestsPerUserPerMinute.max / 60;
  return plan.milestones.flatMap(({ id, users }) => (users * perUser <= most ? [{ at: users * perUser, name: id }] : []));
}
