/**
 * Regularised incomplete beta function I_x(a, b) for a, b > 0: the probability that a Beta(a, b) value is at most x.
 * Continued fraction by Lentz’s method (Press et al., Numerical Recipes, 6.4); relative error below 1e-10.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  // The fraction converges fast only on this side of the mean.
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
}

/** The x with I_x(a, b) = probability, by bisection: slower than Newton’s method, but it cannot miss. */
export function inverseIncompleteBeta(probability: number, a: number, b: number): number {
  return bisect(0, 1, (x) => incompleteBeta(x, a, b) >= probability);
}

/** The point between `low` and `high` at which `reached` turns true, to the last bits of a double. */
export function bisect(low: number, high: number, reached: (x: number) => boolean): number {
  let [from, to] = [low, high];
  for (let round = 0; round < 200; round += 1) {
    const middle = (from + to) / 2;
    if (middle <= from || middle >= to) break;
    if (reached(middle)) to = middle;
    else from = middle;
  }
  return (from + to) / 2;
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let result = d;
  // It needs about √max(a, b) rounds; 20,000 are enough for 10⁸ requests.
  for (let m = 1; m <= 20_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return result;
}

/** Lentz’s method divides by what may happen to be 0. */
function nonZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

// Lanczos’ coefficients for g = 7, n = 9 (Godfrey 2001); relative error about 1e-15.
const LANCZOS = [
  0.999_999_999_999_809_93, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_13, -176.615_029_162_140_59,
  12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_571_6e-6, 1.505_632_735_149_311_6e-7,
];

function logGamma(z: number): number {
  const x = z - 1;
  const t = x + 7.5;
  const sum = LANCZOS.reduce((total, coefficient, at) => (at === 0 ? coefficient : total + coefficient / (x + at)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum);
}
