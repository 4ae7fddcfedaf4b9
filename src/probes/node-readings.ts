import { metricOf } from '../model/metrics.ts';
import { Counters } from './counters.ts';
import type { Growth } from './counters.ts';
import { LoopDelay } from './loop-delay.ts';
import { LOOP_TIMES, LOOP_UTILIZATIONS } from './node-names.ts';
import type { NodeName } from './node-names.ts';
import type { MetricsPage } from './metrics-page.ts';
import type { Reading } from './probe.ts';

/** A page that comes this long after it was due has waited for its thread. */
const LATE_PAGE_SECONDS = 1;

/** When a page was made, by a clock that never jumps, how long it was waited for, and how long after the last one it was asked for. */
export interface TakenPage {
  readonly atSeconds: number;
  readonly answeredInMs?: number;
  readonly dueAfterSeconds?: number;
}

/** Turns pages of an application's metrics into readings of the interval between them. */
export class NodeReadings {
  readonly #names: readonly NodeName[];
  readonly #counters = new Counters<string>();
  readonly #delay = new LoopDelay();
  #startedAt: number | null = null;
  #takenAt: number | null = null;
  #isPutOff = false;

  constructor(names: readonly NodeName[]) {
    this.#names = names;
  }

  reset(): void {
    this.#counters.reset();
    this.#delay.reset();
    [this.#takenAt, this.#isPutOff] = [null, false];
  }

  take(page: MetricsPage, { atSeconds, answeredInMs = 0, dueAfterSeconds = 1 }: TakenPage): Reading[] {
    const startedAt = page.sum('process_start_time_seconds');
    if (this.#startedAt !== null && Number.isFinite(startedAt) && startedAt !== this.#startedAt) this.reset();
    if (Number.isFinite(startedAt)) this.#startedAt = startedAt;
    // A collection is told after it is over: what made this page late is not on it yet. Its time is read with the next, for both.
    this.#isPutOff = !this.#isPutOff && this.#takenAt !== null && atSeconds - this.#takenAt >= dueAfterSeconds + LATE_PAGE_SECONDS;
    // What the loop was late by before its process was first seen is of nobody knows how long.
    const sinceSeconds = this.#takenAt === null ? 0 : atSeconds - this.#takenAt;
    this.#takenAt = atSeconds;
    const growth = this.#counters.advance(this.#countersOn(page), atSeconds);
    return [
      ...this.#names.flatMap((name) => read(page, name, growth)),
      ...this.#delay.take(page, answeredInMs).map((reading) => ({ ...reading, overSeconds: sinceSeconds })),
      ...openFiles(page),
      ...loopUtilization(page, growth),
    ].filter(({ value }) => Number.isFinite(value));
  }

  #countersOn(page: MetricsPage): Map<string, number> {
    const counters = new Map<string, number>();
    const note = (name: string | null, where?: readonly string[]): void => {
      const value = name === null ? Number.NaN : page.sum(name, where);
      if (name !== null && Number.isFinite(value)) counters.set(keyOf(name, where), value);
    };
    for (const { form, names, where } of this.#names) {
      if (form === 'rate') note(page.find(names), where);
      if (form === 'sum-share' && this.#isPutOff) continue;
      // A gauge of ours may be mapped to a histogram of theirs.
      for (const suffix of ['_sum', '_count']) note(page.find(names, suffix), where);
    }
    const times = page.find(LOOP_TIMES);
    note(times, BUSY);
    note(times, IDLE);
    return counters;
  }
}

const BUSY = ['active', 'busy'];
const IDLE = ['idle'];

function keyOf(name: string, where: readonly string[] | undefined): string {
  return where === undefined ? name : `${name}{${where.join('|')}}`;
}

function read(page: MetricsPage, rule: NodeName, growth: Growth<string> | null): Reading[] {
  const { metric, form, names, where, factor } = rule;
  const plain = page.find(names);
  if (form === 'gauge' && plain !== null) return [{ metric, value: page.sum(plain, where) * factor * unitFactor(rule, plain) }];
  if (growth === null) return [];
  if (form === 'rate') {
    if (plain === null) return [];
    const isRate = page.typeOf(plain) === 'gauge' && !plain.endsWith('_total') && !plain.endsWith('seconds');
    if (isRate) return [{ metric, value: page.sum(plain, where) * factor, overSeconds: growth.seconds }];
    const name = keyOf(plain, where);
    return [{ metric, value: growth.perSecond(name) * factor, overSeconds: growth.secondsOf(name) }];
  }
  const sumName = page.find(names, '_sum');
  const countName = page.find(names, '_count');
  if (sumName === null || countName === null) return [];
  const count = growth.of(keyOf(countName, where));
  const sumKey = keyOf(sumName, where);
  if (form === 'sum-share') return [{ metric, value: factor * growth.perSecond(sumKey), overSeconds: growth.secondsOf(sumKey) }];
  if (form === 'count-rate') return [{ metric, value: count / growth.seconds, overSeconds: growth.seconds }];
  const sum = growth.of(sumKey);
  return count > 0 ? [{ metric, value: (sum / count) * factor * unitFactor(rule, sumName), weight: count, overSeconds: growth.seconds }] : [];
}

/** Times are told in seconds unless the name says otherwise; ours are milliseconds. */
function unitFactor({ metric }: NodeName, name: string): number {
  if (metricOf(metric)?.unit !== 'ms') return 1;
  return /_(ms|milliseconds)(_sum|_count)?$/.test(name) ? 1 : /_seconds|_(sum|count)$/.test(name) ? 1000 : 1;
}

/** From the counters where there are such: a gauge covers whatever span the application chose. */
function loopUtilization(page: MetricsPage, growth: Growth<string> | null): Reading[] {
  const metric = 'node.event_loop_utilization';
  const times = page.find(LOOP_TIMES);
  if (times !== null) {
    const busy = growth?.of(keyOf(times, BUSY)) ?? Number.NaN;
    const idle = growth?.of(keyOf(times, IDLE)) ?? Number.NaN;
    return growth !== null && busy + idle > 0 ? [{ metric, value: (100 * busy) / (busy + idle), overSeconds: growth.seconds }] : [];
  }
  const gauge = page.find(LOOP_UTILIZATIONS);
  return gauge === null ? [] : [{ metric, value: 100 * page.sum(gauge) }];
}

/** Sockets are files too: at the limit nobody can connect any more. */
function openFiles(page: MetricsPage): Reading[] {
  return [{ metric: 'node.open_files', value: (100 * page.sum('process_open_fds')) / page.sum('process_max_fds') }];
}
