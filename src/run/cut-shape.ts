import type { LoadShape } from '../model/load.ts';

/** The shape as far as it was played: draining is no missing load, and no second of it is judged. */
export function cutShape(shape: LoadShape, seconds: number): LoadShape {
  let left = seconds;
  const cut = <T extends { readonly durationSeconds: number }>(stages: readonly T[]): T[] => stages.map((stage) => {
    const durationSeconds = Math.max(0, Math.min(stage.durationSeconds, left));
    left -= durationSeconds;
    return { ...stage, durationSeconds };
  });
  return shape.model === 'open' ? { ...shape, stages: cut(shape.stages) } : { ...shape, stages: cut(shape.stages) };
}
