import { BOTTLENECK_TITLES } from '../../model/bottleneck.ts';
import type { Report } from '../../model/report.ts';
import { sayNumber, sayRange } from '../words.ts';
import { escape } from './escape.ts';
import { table } from './table.ts';

type Ahead = Report['outlook']['next'][number];

/** What comes next: in users, in dates, in money, and what this load says of the capacity. */
export function outlookSection({ outlook, plan }: Report): string {
  const { capacity, next, unknown } = outlook;
  if (next.length === 0 && capacity === null && unknown === undefined) return '';
  const most = capacity === null ? (unknown === undefined ? '' : `<p class="dim">How much the system carries is not predicted: ${escape(unknown)}.</p>`) : `<p>The system carries about <strong>${sayEstimate(capacity.users)} users</strong>, ${sayEstimate(capacity.ratePerSec)} requests per second. <span class="dim">${escape(capacity.method)}</span></p>`;
  const hasDates = next.some(({ date, beginBy }) => date !== null || beginBy !== null);
  const columns = [
    { name: 'Milestone' }, { name: 'Users', isFigure: true }, { name: 'Prepare by', isFigure: true }, ...(hasDates ? [{ name: 'Reached' }, { name: 'Begin by' }] : []),
    { name: 'Cost a month', isFigure: true }, { name: 'Remedy' }, { name: 'Basis' },
  ];
  const rows = next.map((one) => {
    const milestone = plan.milestones.find(({ id }) => id === one.milestone);
    return [
      escape(one.bottleneck ? BOTTLENECK_TITLES[one.bottleneck] : (milestone?.title ?? one.milestone)), sayUsers(one), one.prepareByUsers === null ? '' : sayNumber(one.prepareByUsers),
      ...(hasDates ? [escape(one.date ?? ''), escape(one.beginBy ?? '')] : []),
      one.costMonthlyUsd ? `$${sayRange(one.costMonthlyUsd)}` : '', escape(milestone?.remedy ?? ''), BASIS[one.basis](one),
    ];
  });
  const dates = hasDates || next.length === 0 ? '' : '<p class="dim">Dates need a growth: scaleplan forecast.</p>';
  return `<h2>What comes next</h2>${most}${next.length === 0 ? '' : table('Milestones ahead', columns, rows)}${dates}`;
}

const BASIS: Readonly<Record<Ahead['basis'], (one: Ahead) => string>> = {
  plan: () => 'the plan’s own figure, not measured',
  measured: () => 'measured',
  predicted: ({ planUsers }) => `predicted from this load${planUsers === undefined ? '' : `; the plan says ${sayNumber(planUsers)}`}`,
};

function sayUsers({ users, basis }: Ahead): string {
  return basis !== 'plan' ? sayEstimate(users) : sayNumber(users.mid);
}

function sayEstimate({ low, mid, high }: Ahead['users']): string {
  return low < high ? `${sayNumber(mid)} (${sayNumber(low)}–${sayNumber(high)})` : sayNumber(mid);
}
