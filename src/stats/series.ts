/** A metric second by second; index 0 is the run's first second, NaN where nothing was read. */
export interface Series {
  readonly values: Float64Array;
  /** Events each value rests on; absent where every value counts the same. */
  readonly weights?: Float64Array;
}
