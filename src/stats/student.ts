import { incompleteBeta, inverseIncompleteBeta } from './beta.ts';

/** The value that a Student t of `freedom` degrees of freedom stays below with this probability (0.5 … 1). */
export function studentQuantile(probability: number, freedom: number): number {
  if (probability === 0.5) return 0;
  // P(|T| > t) = I_x(freedom / 2, 1/2) with x = freedom / (freedom + t²).
  const x = inverseIncompleteBeta(2 * (1 - probability), freedom / 2, 0.5);
  return Math.sqrt((freedom * (1 - x)) / x);
}

/** 95 % quantile of the standard normal distribution: the t of endless degrees of freedom. */
export const NORMAL_95 = 1.644_853_626_951_472_2;

/** The probability that a Student t of `freedom` degrees of freedom is larger than `t`, however small. */
export function studentTail(t: number, freedom: number): number {
  const half = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t >= 0 ? half : 1 - half;
}
