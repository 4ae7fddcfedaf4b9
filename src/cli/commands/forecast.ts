import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { dayAt, daysBetween, readDay } from '../../capacity/days.ts';
import { fitGrowth } from '../../capacity/fit-growth.ts';
import { forecast as forecastOf } from '../../capacity/forecast.ts';
import { readGrowth, steadyCurve, type UserCurve } from '../../capacity/growth.ts';
import { readUsers } from '../../capacity/read-users.ts';
import { trendOf } from '../../capacity/trend.ts';
import { loadConfiguration } from '../../config/load.ts';
import { EXIT, ScaleplanError, type ExitCode } from '../../errors.ts';
import type { Day } from '../../model/forecast.ts';
import { loadPlan } from '../../plan/load.ts';
import { makeFolder } from '../../process/make-folder.ts';
import { forecastLines } from '../../reporters/forecast.ts';
import { forecastCsv } from '../../reporters/forecast-csv.ts';
import { forecastPage } from '../../reporters/html/forecast-page.ts';
import { readText } from '../../yaml/read.ts';
import type { Host } from '../host.ts';
import { measuredMilestones, NOTHING_MEASURED } from '../measured-milestones.ts';
import { DEFAULT_PLAN, sayDefaultPlan } from './plan.ts';

/** The flags of `forecast` as the command line delivers them. */
interface ForecastFlags {
  readonly plan?: string;
  readonly users?: string;
  readonly growth?: string;
  readonly starting?: string;
  readonly from?: readonly string[];
  readonly with?: string;
  readonly mixed?: boolean;
  readonly output?: string;
  readonly html?: string;
  readonly csv?: boolean;
  readonly json?: boolean;
}

/** `scaleplan forecast`: what a plan expects next, on the calendar. */
export async function forecast(flags: ForecastFlags, host: Host): Promise<ExitCode> {
  const configured = await loadConfiguration({ cwd: host.cwd, env: host.env });
  const named = flags.plan ?? configured.plan;
  if (named === null) sayDefaultPlan(host);
  const plan = await loadPlan(named ?? DEFAULT_PLAN, { cwd: host.cwd });
  const date = startingDay(flags.starting, host);
  const { curve, users } = await curveFrom(flags, date, host);
  const output = flags.output === undefined ? configured.output : resolve(host.cwd, flags.output);
  if (flags.with !== undefined && flags.from === undefined) throw new ScaleplanError('wrong-usage', '--with changes a resource of a run, and none was named.', { hint: 'Name one: --from newest --with pool=50' });
  const measured = flags.from === undefined ? NOTHING_MEASURED : await measuredMilestones({ names: flags.from, output, cwd: host.cwd, changes: flags.with, isForced: flags.mixed === true }, plan);
  const ahead = forecastOf(plan, curve, { date, users }, measured.limits);
  const capacityTrend = trendOf(measured.readings, curve, date);
  const result = {
    ...ahead, notes: [...measured.notes, ...ahead.notes],
    ...(capacityTrend === null ? {} : { capacityTrend }), ...(measured.whatIf === null ? {} : { whatIf: measured.whatIf }),
  };
  if (flags.html !== undefined) writePage(resolve(host.cwd, flags.html), await forecastPage(result));
  if (flags.json) host.out.write(`${JSON.stringify(result, null, 2)}\n`);
  else if (flags.csv) host.out.write(forecastCsv(result));
  else host.out.write(`${forecastLines(result, { chalk: host.out.chalk, columns: host.out.columns() }).join('\n')}\n`);
  if (flags.html !== undefined) host.err.write(`Chart: ${flags.html}\n`);
  return EXIT.passed;
}

/** The day it is, by UTC, where none is named. */
function startingDay(text: string | undefined, host: Host): Day {
  if (text === undefined) return dayAt(host.now());
  const day = readDay(text);
  if (day === null) throw new ScaleplanError('wrong-usage', `--starting ${text} is no day.`, { hint: 'Write it as in --starting 2026-01-31.' });
  return day;
}

/** Growth as it was said, or fitted to a table of users. */
async function curveFrom(flags: ForecastFlags, date: Day, host: Host): Promise<{ curve: UserCurve; users: number }> {
  const users = flags.users === undefined ? null : readUserCount(flags.users);
  if (flags.growth === undefined) throw new ScaleplanError('wrong-usage', 'No growth was named.', { hint: GROWTH_HINT });
  const steady = readGrowth(flags.growth);
  if (steady !== null) {
    if (users === null) throw new ScaleplanError('wrong-usage', 'No number of users was named.', { hint: 'Say how many there are: --users 420' });
    return { curve: steadyCurve(users, steady, flags.growth.trim()), users };
  }
  if (!looksLikeFile(flags.growth)) throw new ScaleplanError('wrong-usage', `--growth ${flags.growth} is no growth.`, { hint: GROWTH_HINT });
  const file = resolve(host.cwd, flags.growth);
  const readings = readUsers(file, await readText(file, 'wrong-usage'));
  const points = readings.map((reading) => ({ day: daysBetween(date, reading.date), users: reading.users }));
  const [first, last] = [readings[0]?.date ?? date, readings.at(-1)?.date ?? date];
  const curve = fitGrowth(points, { first, last }, users);
  return { curve, users: users ?? Math.round(curve.usersAt(0).mid) };
}

/** `8%/quarter` has a slash and is no path: a file that is not there is one only by its looks. */
function looksLikeFile(text: string): boolean {
  return /\.csv$/i.test(text) || (/[./\\]|csv/.test(text) && !/%|^[+-]?\d[\d,.]*\s*users?\b/.test(text));
}

const GROWTH_HINT = 'Write --growth 8%/month, --growth 2%/week or --growth "120 users/month", or name a CSV file of date,users.';

function readUserCount(text: string): number {
  const users = Number(text.replaceAll(/[,_]/g, ''));
  if (!Number.isInteger(users) || users <= 0) throw new ScaleplanError('wrong-usage', `--users ${text} is no positive whole number.`, { hint: 'Example: --users 420' });
  return users;
}

function writePage(file: string, page: string): void {
  try {
    makeFolder(dirname(file));
    writeFileSync(file, page);
  } catch (cause) {
    throw new ScaleplanError('output-not-writable', `Cannot write the chart to ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause, hint: 'Name another file with --html.' });
  }
}
