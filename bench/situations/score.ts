import { createHash } from 'node:crypto';
import { BOTTLENECKS, type BottleneckId } from '../../src/model/bottleneck.ts';
import { shareBounds } from '../../src/stats/binomial.ts';
import type { Told } from './tell.ts';

/** A recording, and what was said of it. */
export interface Scored {
  readonly name: string;
  readonly label: readonly BottleneckId[];
  readonly told: Told;
  /** From what is wrong to its name, for each of the label that was named. */
  readonly secondsToName: readonly { readonly id: BottleneckId; readonly seconds: number }[];
}

export interface Share {
  readonly hits: number;
  readonly of: number;
  /** One-sided 95 %: at least this much is proven. 0 of none. */
  readonly low: number;
  readonly high: number;
}

/** Half of the names, by their hash: figures may be chosen by looking at these, and must hold on the others. */
export function isTunedOn(name: string): boolean {
  return (createHash('sha256').update(name).digest()[0] ?? 0) % 2 === 0;
}

/** Told right: exactly what is wrong is named, or nothing where nothing is. */
export function isRight({ label, told }: Pick<Scored, 'label' | 'told'>): boolean {
  return told.named.length === label.length && told.named.every(({ id }) => label.includes(id));
}

/** Something is named that is not wrong. */
export function isWrong({ label, told }: Pick<Scored, 'label' | 'told'>): boolean {
  return told.named.some(({ id }) => !label.includes(id));
}

export function share<T>(items: readonly T[], is: (item: T) => boolean): Share {
  const hits = items.filter(is).length;
  const { low, high } = items.length === 0 ? { low: 0, high: 1 } : shareBounds(hits, items.length);
  return { hits, of: items.length, low, high };
}

export interface OfOne {
  readonly id: BottleneckId;
  /** Of those it was named for, it is the cause in so many. */
  readonly precision: Share;
  /** Of those it is the cause of, it was named in so many. */
  readonly recall: Share;
  readonly secondsToName: readonly number[];
}

export function ofEach(scored: readonly Scored[]): OfOne[] {
  return BOTTLENECKS.map((id) => {
    const named = scored.filter(({ told }) => told.named.some((one) => one.id === id));
    const true_ = scored.filter(({ label }) => label.includes(id));
    return {
      id,
      precision: share(named, ({ label }) => label.includes(id)),
      recall: share(true_, ({ told }) => told.named.some((one) => one.id === id)),
      secondsToName: true_.flatMap(({ secondsToName }) => secondsToName.filter((one) => one.id === id).map(({ seconds }) => seconds)),
    };
  });
}

/** How often each label (rows) was told as what (columns); a recording with two counts as a label of its own. */
export function confusion(scored: readonly Scored[]): { readonly labels: readonly string[]; readonly answers: readonly string[]; readonly counts: ReadonlyMap<string, number> } {
  const counts = new Map<string, number>();
  for (const { label, told } of scored) {
    const key = `${nameOf(label)}|${answerOf(told)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const inOrder = (names: Iterable<string>): string[] => [...new Set(names)].sort((a, b) => rankOf(a) - rankOf(b) || a.localeCompare(b));
  return { labels: inOrder(scored.map(({ label }) => nameOf(label))), answers: inOrder(scored.map(({ told }) => answerOf(told))), counts };
}

/** Told with all probes, and maybe with fewer. */
interface Seen extends Scored {
  readonly views?: readonly Told[];
}

/**
 * Confidence as it was stated against how often it was right. What is named of a recording counts once for each grade, however many sets
 * of probes it was named with.
 */
export function calibration(scored: readonly Seen[], edges: readonly number[]): { readonly stated: number | null; readonly right: Share }[] {
  return edges.slice(0, -1).map((from, index) => {
    const to = edges[index + 1] ?? 1;
    const own = scored.flatMap(({ label, told, views = [] }) => {
      const named = [told, ...views].flatMap((one) => one.named).filter(({ confidence }) => confidence >= from && confidence < to);
      return [...new Map(named.map(({ id, confidence }) => [id, confidence]))].map(([id, confidence]) => ({ confidence, isTrue: label.includes(id) }));
    });
    const stated = own.length === 0 ? null : own.reduce((sum, { confidence }) => sum + confidence, 0) / own.length;
    return { stated, right: share(own, ({ isTrue }) => isTrue) };
  });
}

function nameOf(ids: readonly BottleneckId[]): string {
  return ids.length === 0 ? 'healthy' : BOTTLENECKS.filter((id) => ids.includes(id)).join(' + ');
}

function answerOf({ named, outcome }: Told): string {
  return named.length > 0 ? nameOf(named.map(({ id }) => id)) : outcome === 'none' ? 'healthy' : outcome;
}

function rankOf(name: string): number {
  const known = BOTTLENECKS.findIndex((id) => id === name.split(' + ')[0]);
  return name === 'healthy' ? -1 : known < 0 ? BOTTLENECKS.length : known;
}
