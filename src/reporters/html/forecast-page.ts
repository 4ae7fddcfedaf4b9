import type { Forecast } from '../../model/forecast.ts';
import { nameOf, sayBasis, sayChange, sayDays, sayEstimate, sayFigure, sayFirst, sayPassed, sayPhaseLimit, sayReached, sayStanding, sayTrend } from '../forecast-words.ts';
import { sayNumber, sayRange, sayWeeks } from '../words.ts';
import { escape } from './escape.ts';
import { FORECAST_CLIENT, type ForecastChart, type ForecastCharts } from './forecast-client.ts';
import { framed } from './frame.ts';
import { table } from './table.ts';

/** A forecast as a page: users and cost over the calendar, and the tables they come from. */
export async function forecastPage(forecast: Forecast): Promise<string> {
  const { plan, title, now, growth, notes } = forecast;
  const data = chartsOf(forecast);
  return framed({
    title: `${plan} · forecast`, data, client: FORECAST_CLIENT,
    body: `<header><h1>${escape(plan)} · forecast</h1><p class="dim">${escape(title)} · ${sayNumber(now.users)} users on ${now.date}, ${escape(growth.text)}</p></header>
${notes.map((note) => `<p>${escape(note)}</p>`).join('\n')}
<noscript><p>The charts need scripting; the tables hold the same figures.</p></noscript>
<div class="charts">${data.charts.map(({ id, title: name }) => `<figure><figcaption>${escape(name)}</figcaption><div class="chart" id="chart-${id}"></div></figure>`).join('\n')}</div>
${milestoneTable(forecast)}
${whatIfTable(forecast)}
${trendTable(forecast)}
${phaseTable(forecast)}
${costTable(forecast)}`,
  });
}

/** From here on the lower half of a straight scale holds all but the last of the milestones. */
const MANY_TIMES = 10;

function chartsOf({ users, costs, milestones }: Forecast): ForecastCharts {
  const hasBand = users.some(({ low, high }) => low !== high);
  const edges = hasBand ? [{ label: 'at least', values: users.map(({ low }) => low), isEdge: true }, { label: 'at most', values: users.map(({ high }) => high), isEdge: true }] : [];
  const [smallest, largest] = [Math.min(...users.map(({ low }) => low)), Math.max(...users.map(({ high }) => high))];
  const charts: ForecastChart[] = [
    { id: 'users', title: 'Users', isLogarithmic: smallest > 0 && largest > MANY_TIMES * smallest, lines: [{ label: 'users', values: users.map(({ mid }) => mid), isEdge: false }, ...edges], marks: milestones.filter(({ carried }) => carried === undefined).map((one) => ({ label: `${nameOf(one)}, ${sayNumber(one.users.mid)}`, value: one.users.mid })) },
  ];
  if (costs.some(({ monthlyUsd }) => monthlyUsd !== null)) {
    charts.push({ id: 'cost', title: 'Cost a month in $', isLogarithmic: false, lines: [{ label: 'cost', values: costs.map(({ monthlyUsd }) => monthlyUsd?.min ?? null), isEdge: false }, ...upperCost(costs)], marks: [] });
  }
  return { times: users.map(({ date }) => Date.parse(date) / 1000), charts };
}

function upperCost(costs: Forecast['costs']): ForecastChart['lines'] {
  const isWide = costs.some(({ monthlyUsd }) => monthlyUsd !== null && monthlyUsd.max !== null && monthlyUsd.max !== monthlyUsd.min);
  return isWide ? [{ label: 'at most', values: costs.map(({ monthlyUsd }) => monthlyUsd?.max ?? null), isEdge: true }] : [];
}

function milestoneTable(forecast: Forecast): string {
  const { milestones, now } = forecast;
  const passed = sayPassed(forecast);
  const behind = passed === null ? '' : `<p class="dim">${escape(passed)}</p>`;
  if (milestones.length === 0) return behind;
  const isShown = milestones.some(({ basis, carried }) => basis !== 'plan' || carried !== undefined);
  const columns = [
    { name: 'Milestone' }, { name: 'Users', isFigure: true }, ...(isShown ? [{ name: 'By' }] : []), { name: 'Reached' }, { name: 'Begin by' }, { name: 'Remedy' }, { name: 'Takes' }, { name: 'Cost a month', isFigure: true },
  ];
  const rows = milestones.map((one) => [
    escape(nameOf(one)), sayFigure(one), ...(isShown ? [escape([sayBasis(one) || 'the plan', sayStanding(one, now)].filter((part) => part !== null).join('; '))] : []),
    one.overdue ? '<span class="fail-text">overdue</span>' : withDays(sayReached(one)),
    one.beginBy === null ? '' : unbroken(one.late ? `<span class="fail-text">late: ${one.beginBy}</span>` : one.beginBy),
    escape(one.remedy), one.leadTimeWeeks === null ? '' : sayWeeks(one.leadTimeWeeks), one.costMonthlyUsd === null ? '' : `$${sayRange(one.costMonthlyUsd)}`,
  ]);
  return `<h2>Milestones ahead</h2>${table('The remedy must begin so early that it is done when the plan wants it', columns, rows)}${behind}`;
}

function whatIfTable({ whatIf }: Forecast): string {
  if (whatIf === undefined) return '';
  const rows = whatIf.limits.map((limit) => [escape(limit.name), escape(sayChange(limit, whatIf))]);
  const first = whatIf.after === null ? '' : `<p>Then first: ${escape(sayFirst(whatIf.after))}.</p>`;
  const unknown = whatIf.unknown.map((one) => `<p class="dim">Not reckoned with: ${escape(one)}.</p>`).join('');
  return `<h2>What if ${escape(whatIf.changed)}</h2>${rows.length === 0 ? '' : table('By the model of the run, not measured', [{ name: 'Resource' }, { name: 'Users now and then' }], rows)}${first}${unknown}`;
}

function trendTable({ capacityTrend }: Forecast): string {
  if (capacityTrend === undefined) return '';
  const rows = capacityTrend.runs.map(({ id, date, users }) => [unbroken(date), sayEstimate(users), escape(id)]);
  return `<h2>Capacity itself</h2>${table('What each run showed', [{ name: 'Run of' }, { name: 'Users', isFigure: true }, { name: 'Run' }], rows)}<p>Capacity: ${withDays(sayTrend(capacityTrend))}.</p>`;
}

function phaseTable({ phases }: Forecast): string {
  const hasTimeline = phases.some(({ timeline }) => timeline !== null);
  const hasLimit = phases.some(({ limit }) => limit !== null);
  const columns = [{ name: 'Phase' }, { name: 'Name' }, { name: 'Users', isFigure: true }, { name: 'From' }, ...(hasTimeline ? [{ name: 'In the plan' }] : []), ...(hasLimit ? [{ name: 'Against the limit' }] : [])];
  const rows = phases.map(({ id, name, users, status, date, timeline, limit }) => [
    escape(id), escape(name), sayRange(users), date === null ? (status === 'now' ? 'now' : 'behind us') : withDays(sayDays(date)),
    ...(hasTimeline ? [escape(timeline ?? '')] : []), ...(hasLimit ? [limit === null || status === 'past' ? '' : escape(sayPhaseLimit(limit))] : []),
  ]);
  return `<h2>Phases</h2>${table('When each phase begins', columns, rows)}`;
}

function costTable({ costs }: Forecast): string {
  const rows = costs.filter(({ monthlyUsd }) => monthlyUsd !== null).map(({ date, users, monthlyUsd, perUserUsd, basis }) => [
    unbroken(date), sayNumber(users), monthlyUsd === null ? '' : `$${sayRange(monthlyUsd)}`, perUserUsd === null ? '' : `$${sayRange(perUserUsd)}`, basis === 'plan' ? 'the plan’s figure' : (basis ?? '').replace('-', ' '),
  ]);
  return rows.length === 0 ? '' : `<h2>Cost</h2>${table('On the first day of each month of the forecast', [{ name: 'Day' }, { name: 'Users', isFigure: true }, { name: 'A month', isFigure: true }, { name: 'A user', isFigure: true }, { name: 'Basis' }], rows)}`;
}

function withDays(text: string): string {
  return escape(text).replaceAll(/\d{4}-\d{2}-\d{2}/g, unbroken);
}

function unbroken(html: string): string {
  return `<span style="white-space: nowrap">${html}</span>`;
}
