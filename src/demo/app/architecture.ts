import type { Range } from '../../model/plan.ts';

export interface Allotment {
  readonly count: number;
  /** What was asked for and is not there, in a sentence; empty where all is. */
  readonly adjustments: readonly string[];
}

/** As many as the phase has at least, but no more than `most`; `otherwise` where the document does not say. */
export function allot(what: string, asked: Range | null | undefined, { most, otherwise }: { readonly most: number; readonly otherwise: number }): Allotment {
  const wanted = asked?.min ?? otherwise;
  const count = Math.min(wanted, most);
  return { count, adjustments: wanted > count ? [`${wanted} ${what}: ${count} were started, as more would only share the cores of this machine`] : [] };
}

/** One machine is one region, whatever the phase has. */
export function regionAdjustments(regions: Range | null | undefined): string[] {
  return (regions?.min ?? 1) > 1 ? [`${regions?.min} regions: this machine is one, so nothing between regions is measured, service.failover_time neither`] : [];
}
