import type { ChalkInstance } from 'chalk';
import type { Condition } from '../model/condition.ts';
import { arrivalsAskedAt, stageAt, type LoadShape } from '../model/load.ts';
import { metricOf, type MetricName } from '../model/metrics.ts';
import { cut, padEnd, widthOf, wrapItems } from '../reporters/layout.ts';
import { sayNumber, sayValue } from '../reporters/words.ts';
import { latencyFigure, tally } from '../stats/tally.ts';
import { recentReading, standingsOf, type Recent, type Standing } from './live-view-figures.ts';
import { sayFully } from '../reporters/details.ts';

/** What the progress needs to know of a step. */
export interface ProgressStep {
  readonly label: string;
  readonly shape: LoadShape;
  readonly timeoutMs: number;
  /** Thresholds of its suite, to see which is at risk. */
  readonly conditions?: readonly Condition[];
  /** Requests in a journey, so that a rate of arrivals can be said as one of requests. */
  readonly requestsPerArrival?: number;
}

/** What the live view shows of one second. */
export interface LiveView extends Recent {
  readonly step: ProgressStep;
  readonly index: number;
  readonly total: number;
  /** p95 and rate of each second so far, as many as a line has room for. */
  readonly trail: readonly { readonly p95Ms: number | null; readonly ratePerSec: number }[];
  /** Since the step began. */
  readonly requests: number;
  readonly failed: number;
}

/** Wider than this, figures and their names are too far apart. */
const MOST_COLUMNS = 100;
/** Narrower, or lower, and one line says more than a block that is cut. */
export const LEAST_COLUMNS = 50;
export const LIVE_ROWS = 9;
/** From here on a threshold is worth a look: what a run adds to it by chance is less than the fifth that is left. */
const NEAR = 0.8;

/** Nine lines, always as many, so that nothing jumps. */
export function liveLines(view: LiveView, columns: number, chalk: ChalkInstance): string[] {
  const width = Math.min(columns, MOST_COLUMNS) - 1;
  const standings = standingsOf(view.step.conditions ?? [], view);
  const latest = view.trail.slice(-TRAIL_LENGTH);
  const servers = labelled('servers', serverItems(view), width, 2);
  const risks = labelled('at risk', riskItems(view, standings), width, 2);
  const lines = [
    headLine(view, width, chalk), barLine(view, width, chalk),
    trailLine('rate', rateText(view), latest.map(({ ratePerSec }) => ratePerSec), askedOf(view), width, chalk),
    trailLine('p95', p95Text(view, standings), latest.map(({ p95Ms }) => p95Ms), strictest(standings)?.comparison.value ?? 0, width, chalk),
    `  errors   ${errorText(view)}`,
    ...servers, ...risks.map((line) => paintRisk(line, standings, chalk)),
  ];
  return lines.map((line) => cut(line, width));
}

const TRAIL_LENGTH = 20;

function headLine({ step, index, total, intervals }: LiveView, width: number, chalk: ChalkInstance): string {
  const second = intervals.at(-1)?.second ?? 0;
  const stage = stageAt(step.shape, second);
  const name = `${step.label}${total > 1 ? ` · ${index + 1} of ${total}` : ''}`;
  const state = stage === undefined ? 'last answers' : stage.judged ? stage.name : `${stage.name}, not judged`;
  return `${chalk.bold(padEnd(cut(name, width - widthOf(state) - 2), width - widthOf(state)))}${chalk.dim(state)}`;
}

function barLine({ step, intervals }: LiveView, width: number, chalk: ChalkInstance): string {
  const elapsed = (intervals.at(-1)?.second ?? -1) + 1;
  const whole = secondsOf(step.shape);
  const left = Math.max(0, whole - elapsed);
  const text = ` ${sayClock(elapsed)} of ${sayClock(whole)}, ${step.shape.model === 'closed' && left > 0 ? 'at most ' : ''}${sayClock(left)} left`;
  const room = Math.max(0, width - widthOf(text));
  const done = Math.round(room * Math.min(1, whole === 0 ? 1 : elapsed / whole));
  return `${chalk.cyan('━'.repeat(done))}${chalk.dim('─'.repeat(room - done))}${text}`;
}

export function secondsOf({ stages }: LoadShape): number {
  return stages.reduce((sum, stage) => sum + stage.durationSeconds, 0);
}

function rateText({ step, intervals }: Pick<LiveView, 'step' | 'intervals'>): string {
  const last = intervals.at(-1);
  if (!last) return '–';
  const ended = intervals.reduce((sum, { rows }) => sum + rows.reduce((all, row) => all + row.requests, 0), 0);
  const asked = askedOf({ step, intervals });
  return `${sayNumber(ended / intervals.length)}/s${asked > 0 ? ` of ${sayNumber(asked)}/s asked` : ''}`;
}

/** Requests per second that the shape asks for now; 0 in the closed model. */
function askedOf({ step, intervals }: Pick<LiveView, 'step' | 'intervals'>): number {
  return arrivalsAskedAt(step.shape, intervals.at(-1)?.second ?? 0) * (step.requestsPerArrival ?? 0);
}

/** The p95 that is nearest its limit; without one that of all requests. */
function p95Text({ intervals, timeoutMs }: LiveView, standings: readonly Standing[]): string {
  const worst = strictest(standings);
  const all = latencyFigure(tally(intervals.flatMap(({ rows }) => rows)), 'http.p95', timeoutMs);
  const whole = all === null ? '–' : `${all.censored ? '≥ ' : ''}${sayValue(all.valueMs, 'ms')}`;
  if (!worst) return whole;
  const [scope] = Object.values(worst.comparison.scope);
  return `${scope === undefined ? whole : `${whole} · ${scope} ${sayValue(worst.observed, 'ms')}`}, limit ${sayValue(worst.comparison.value, 'ms')}`;
}

function strictest(standings: readonly Standing[]): Standing | undefined {
  return standings.find(({ comparison }) => comparison.metric === 'http.p95' && comparison.op.startsWith('<'));
}

function errorText({ requests, failed, intervals }: LiveView): string {
  const kinds = [...new Set(intervals.flatMap(({ rows }) => rows.flatMap(({ errors }) => Object.keys(errors))))];
  if (failed === 0) return `none in ${sayNumber(requests)} requests`;
  return `${failed} in ${sayNumber(requests)} requests (${sayNumber((100 * failed) / Math.max(1, requests))} %)${kinds.length > 0 ? ` · now ${kinds.join(', ')}` : ''}`;
}

/** The servers' main signs in the order of the milestones they speak of; what is not read has no place. */
const SIGNS: readonly (readonly [metric: MetricName, name: string])[] = [
  ['postgres.pool_waiting', 'pool waiting'], ['postgres.pool_acquire_time', 'acquire'], ['postgres.query_time', 'query'], ['postgres.connections_used', 'connections'],
  ['redis.hit_ratio', 'cache hits'], ['qdrant.search_time', 'vector search'], ['node.event_loop_lag', 'loop lag'], ['host.cpu', 'CPU'],
  ['queue.depth', 'queue'], ['host.memory', 'memory'], ['postgres.replica_lag', 'replica lag'], ['files.read_time', 'file reads'],
];

function serverItems({ samples }: LiveView): string[] {
  const items = SIGNS.flatMap(([metric, name]) => {
    const value = recentReading(samples, metric);
    return value === null ? [] : [`${name} ${sayValue(value, metricOf(metric)?.unit ?? '1')}`];
  });
  return items.length > 0 ? items : ['nothing is read: --probe names a server'];
}

function riskItems({ step, isJudged }: LiveView, standings: readonly Standing[]): string[] {
  if ((step.conditions ?? []).length === 0) return ['no threshold in this step'];
  const near = standings.filter(({ strain }) => strain >= NEAR);
  if (near.length === 0) return [standings.length === 0 ? 'nothing to be said yet' : `none: ${standings.length} of ${(step.conditions ?? []).length} thresholds seen, all clear of their limits${isJudged ? '' : ' so far'}`];
  return near.map(({ condition, comparison, observed, strain }) => `${strain > 1 ? '✗' : '!'} ${sayFully(condition)}: ${sayValue(observed, comparison.unit)}`);
}

function paintRisk(line: string, standings: readonly Standing[], chalk: ChalkInstance): string {
  const worst = standings[0]?.strain ?? 0;
  if (worst > 1) return chalk.red(line);
  return worst >= NEAR ? chalk.yellow(line) : line;
}

/** As many lines as said, filled up or cut off: the block keeps its height. */
function labelled(label: string, items: readonly string[], width: number, height: number): string[] {
  const lines = wrapItems(items, width, `  ${label.padEnd(8)} `);
  const kept = lines.slice(0, height);
  if (lines.length > height) kept[height - 1] = cut(`${kept[height - 1] ?? ''} …`, width);
  return [...kept, ...Array.from({ length: height - kept.length }, () => '')];
}

/** A name, its figures, and how it went in the last seconds where there is room for that; full height is `top`, the limit or what was asked. */
function trailLine(label: string, text: string, values: readonly (number | null)[], top: number, width: number, chalk: ChalkInstance): string {
  const line = `  ${label.padEnd(8)} ${text}`;
  const room = width - widthOf(line) - 2;
  if (room < TRAIL_LENGTH) return line;
  const most = Math.max(top, ...values.map((value) => value ?? 0));
  const trail = values.map((value) => (value === null || most === 0 ? ' ' : STEPS.charAt(Math.min(7, Math.floor((8 * value) / most))))).join('');
  return `${padEnd(line, width - TRAIL_LENGTH)}${chalk.dim(trail)}`;
}

const STEPS = '▁▂▃▄▅▆▇█';

/** `1:42`, `4:00:00`. */
export function sayClock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, String(whole % 60).padStart(2, '0')];
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}
