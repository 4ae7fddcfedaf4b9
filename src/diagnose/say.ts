/** A figure as people say it: whole from 10 on, one digit below, two below 1. */
export function round(value: number): number {
  if (Math.abs(value) >= 10) return Math.round(value);
  return Math.abs(value) >= 1 ? Math.round(value * 10) / 10 : Math.round(value * 100) / 100;
}
