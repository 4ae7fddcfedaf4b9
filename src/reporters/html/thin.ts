/** Fewer points: the highest of each `size` neighbours stands for them, so that no peak is lost. All missing stays missing. */
export function thin(values: readonly (number | null)[], size: number): (number | null)[] {
  if (size <= 1) return [...values];
  return Array.from({ length: Math.ceil(values.length / size) }, (_, at) => {
    const own = values.slice(at * size, (at + 1) * size).filter((value) => value !== null);
    return own.length === 0 ? null : Math.max(...own);
  });
}
