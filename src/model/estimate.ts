/** A figure with its bounds. */
export interface Estimate {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}
