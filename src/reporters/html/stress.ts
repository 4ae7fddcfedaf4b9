import type { Report } from '../../model/report.ts';
import type { StressFindings, StressStage } from '../../model/stress.ts';
import { sayBehind, sayCapacity, sayGoal, sayLaw, sayLaws, sayLoad, sayMost, sayRecovery, sayWrites } from '../stress.ts';
import { sayNumber } from '../words.ts';
import { escape } from './escape.ts';
import { list } from './sections.ts';
import { stressCharts } from './stress-chart.ts';
import { table } from './table.ts';

/** The breaking point: what was found, load against throughput and latency, every stage, the way back. */
export function stressSection(report: Report): string {
  const { stress } = report;
  if (stress === undefined) return '';
  const capacity = sayCapacity(report);
  return `<h2>Breaking point</h2><p>${escape(stress.summary)}${capacity === null ? '' : ` That is ${escape(capacity)}.`}</p>
${stress.behind === null ? '' : `<p>${escape(sayBehind(stress.behind))}.</p>`}
<h3>Where each threshold breaks</h3>
${list(stress.goals.map((goal) => sayGoal(goal, stress)))}
${stressCharts(report, stress)}
${modelText(stress)}
${list(sayLaws(stress))}
${stageTable(stress)}
${stress.recovery === null ? '' : `<h3>Recovery</h3><p>${escape(sayRecovery(stress.recovery, stress))}.</p>`}
${sayWrites(report).map((note) => `<h3>Data consistency</h3><p>${escape(note)}.</p>`).join('')}
${list(stress.notes)}`;
}

function modelText({ model }: StressFindings): string {
  return model === null ? '' : `<p class="dim">Universal Scalability Law over the stages: ${escape(sayLaw(model))}; ${escape(sayMost(model))}.</p>`;
}

const TONES: Readonly<Record<StressStage['outcome'], string>> = { holds: 'pass', breaks: 'fail', open: 'open', generator: 'open' };

function stageTable({ stages, by }: StressFindings): string {
  const figure = (value: number | null): string => (value === null ? '' : sayNumber(value));
  const rows = stages.map((stage) => [
    escape(sayLoad(stage.load, by)), `${escape(stage.purpose)} <span class="${TONES[stage.outcome]}-text">${stage.outcome}</span>${stage.told.length === 0 ? '' : ` <span class="dim">${escape(stage.told.join('; '))}</span>`}`,
    String(stage.judgedSeconds), sayNumber(stage.throughputPerSec), figure(stage.p95Ms), figure(stage.errorPercent), figure(stage.inFlight),
  ]);
  return table('Stages in their order', [{ name: 'Load', isFigure: true }, { name: 'Stage' }, ...['Judged s', 'Answered/s', 'p95 ms', 'Errors %', 'In flight'].map((name) => ({ name, isFigure: true }))], rows);
}
