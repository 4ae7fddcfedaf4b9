import { COMPARED_METRICS, type ComparedMetric } from '../model/comparison.ts';
import { ScaleplanError } from '../errors.ts';
import { didYouMean } from '../model/nearest.ts';

/** A change below 5 % is within what users notice and machines vary. */
export const DEFAULT_THRESHOLD = 0.05;

/** `5%`, `5 %` or `5` as a share. Throws `wrong-usage`. */
export function thresholdFrom(text: string | undefined): number {
  if (text === undefined) return DEFAULT_THRESHOLD;
  const percent = Number(/^\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(text)?.[1]);
  if (!(percent > 0 && percent < 1000)) throw new ScaleplanError('wrong-usage', `--threshold ${text} is no percentage.`, { hint: 'Example: --threshold 5%' });
  return percent / 100;
}

/** `p95`, `http.p95`, several with commas. Throws `unknown-name`. */
export function metricsFrom(names: readonly string[] | undefined): readonly ComparedMetric[] | undefined {
  return names?.flatMap((name) => name.split(',')).map((name) => {
    const found = COMPARED_METRICS.find((metric) => metric === name.trim() || metric === `http.${name.trim()}`);
    if (found === undefined) throw new ScaleplanError('unknown-name', `"${name}" is not compared${didYouMean(name, COMPARED_METRICS)}`, { hint: `There are: ${COMPARED_METRICS.join(', ')}.` });
    return found;
  });
}

/** A whole number within reason. Throws `wrong-usage`. */
export function countFrom(flag: string, text: string | undefined, most: number): number | null {
  if (text === undefined) return null;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > most) throw new ScaleplanError('wrong-usage', `${flag} ${text} is no number from 1 to ${most}.`, { hint: `Example: ${flag} 5` });
  return count;
}
