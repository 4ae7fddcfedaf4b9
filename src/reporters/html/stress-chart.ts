import type { Report } from '../../model/report.ts';
import type { CurvePoint, StressFindings, StressStage } from '../../model/stress.ts';
import { sayNumber } from '../words.ts';
import { escape } from './escape.ts';
import { drawPlot, type Mark, type Plot } from './stress-plot.ts';

/** A little room beyond the highest load. */
const ROOM = 1.08;
/** A milestone this near beyond it is shown, too. */
const NEAR = 1.5;

/** Load against throughput, and against latency: drawn here rather than in the browser, for they have a few dozen marks and must print. */
export function stressCharts(report: Report, stress: StressFindings): string {
  const stages = stress.stages.filter(({ outcome }) => outcome !== 'generator');
  if (stages.length === 0) return '';
  const highest = Math.max(...stages.map(({ load }) => load), stress.edge?.high ?? 0);
  const most = Math.max(highest, ...milestoneLoads(report, stress).map(({ load }) => load).filter((load) => load <= highest * NEAR)) * ROOM;
  const axis = {
    most, edge: stress.edge, milestones: milestonesOn(report, most, stress),
    xName: stress.by === 'rate' ? 'requests per second asked for (users of the plan)' : 'users at the same time',
    usersPerUnit: stress.by === 'rate' ? 60 / report.plan.load.requestsPerUserPerMinute.max : null,
  };
  const curve = stress.model?.curve ?? [];
  const law = curve.length === 0 ? '' : ' <span class="dim">(line: the scalability law, with its 90 % bounds)</span>';
  const meanLaw = curve.length === 0 ? '' : ' and line: mean by the scalability law, with its 90 % bounds';
  return `<div class="charts"><figure class="still"><figcaption>Answered per second${law}</figcaption>${drawPlot({ ...axis, ...throughput(stages, curve), isLogarithmic: false, asked: stress.by === 'rate' })}</figure>
<figure class="still"><figcaption>Latency <span class="dim">(dots: p95; rings${meanLaw === '' ? ': mean' : meanLaw})</span></figcaption>${drawPlot({ ...axis, ...latency(stages, curve), isLogarithmic: true, asked: false })}</figure></div>`;
}

type Drawn = Pick<Plot, 'unit' | 'marks' | 'curve'>;

function throughput(stages: readonly StressStage[], curve: readonly CurvePoint[]): Drawn {
  return {
    unit: '/s', curve: curve.map(({ load, throughputPerSec }) => ({ load, ...throughputPerSec })),
    marks: stages.map((stage) => markOf(stage, stage.throughputPerSec, '/s', false)),
  };
}

function latency(stages: readonly StressStage[], curve: readonly CurvePoint[]): Drawn {
  return {
    unit: ' ms', curve: curve.map(({ load, latencyMs }) => ({ load, ...latencyMs })),
    marks: stages.flatMap((stage) => [
      ...(stage.p95Ms === null ? [] : [markOf(stage, stage.p95Ms, ' ms p95', false)]),
      ...(stage.meanMs === null ? [] : [markOf(stage, stage.meanMs, ' ms mean', true)]),
    ]),
  };
}

const COLOURS: Readonly<Record<StressStage['outcome'], string>> = { breaks: 'var(--bad)', holds: 'var(--good)', open: 'var(--open)', generator: 'var(--open)' };

function markOf({ load, outcome }: StressStage, value: number, unit: string, isHollow: boolean): Mark {
  return { load, value, colour: COLOURS[outcome], isHollow, title: `${sayNumber(load)}: ${sayNumber(value)}${unit}, ${outcome}` };
}

/** Milestones of the plan on the same axis: their users as a rate. */
function milestonesOn(report: Report, most: number, stress: StressFindings): Plot['milestones'] {
  return milestoneLoads(report, stress).filter(({ load }) => load <= most).map(({ load, id, users }) => ({ load, name: escape(id), title: escape(`milestone ${id}: ${sayNumber(users)} users`) }));
}

function milestoneLoads({ plan }: Report, { by }: StressFindings): { readonly load: number; readonly id: string; readonly users: number }[] {
  if (by !== 'rate') return [];
  return plan.milestones.map(({ id, users }) => ({ load: (users * plan.load.requestsPerUserPerMinute.max) / 60, id, users }));
}
