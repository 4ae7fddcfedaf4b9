/** Share of a standard normal distribution below z (Abramowitz & Stegun 26.2.17, error below 1e-7). */
export function normalBelow(z: number): number {
  if (z > 8) return 1;
  if (z < -8) return 0;
  const t = 1 / (1 + 0.231_641_9 * Math.abs(z));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  return z >= 0 ? 1 - tail : tail;
}

/** ln of the same, also where the share itself is too small for a number. */
export function lnNormalBelow(z: number): number {
  // Mill's ratio with its first correction, to a thousandth below −6.
  if (z < -6) return (-z * z) / 2 - Math.log(-z * Math.sqrt(2 * Math.PI)) + Math.log1p(-1 / (z * z));
  return Math.log(normalBelow(z));
}
