/** A line of a chart. Where a point stands for several seconds: their mean, and the lowest and highest of them. */
export interface Thinned {
  readonly values: readonly (number | null)[];
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

/** Fewer points: of each `size` neighbours the mean with its lowest and highest, so that no peak is lost. All missing stays missing. */
export function thin(values: readonly (number | null)[], size: number): Thinned {
  if (size <= 1) return { values };
  const groups = Array.from({ length: Math.ceil(values.length / size) }, (_, at) => values.slice(at * size, (at + 1) * size).filter((value) => value !== null));
  const each = (figure: (group: readonly number[]) => number): (number | null)[] => groups.map((group) => (group.length === 0 ? null : figure(group)));
  return {
    values: each((group) => Number((group.reduce((sum, value) => sum + value, 0) / group.length).toPrecision(4))),
    low: each((group) => Math.min(...group)), high: each((group) => Math.max(...group)),
  };
}
