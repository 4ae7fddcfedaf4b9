import { CONFIDENCE } from './binomial.ts';
import { errorOfSum } from './correlated-error.ts';
import { NORMAL_95, studentQuantile } from './student.ts';

/**
 * A memory that lies under the noise of counting is found too short in calm runs, which are those that pass by luck: by so much more is a
 * run with a long memory worth less than it seems. Found by simulation (docs/statistics.md): 6 % wrong decisions become 5 % where a second
 * inherits 0.8 of the last, at every length; seconds that are independent lose nothing.
 */
const HIDDEN_MEMORY = 0.3;

/**
 * How many independent events these events are worth: their number divided by the design effect (Kish 1965), the variance of
 * the share over the seconds against that of as many independent events. Degrees of freedom are paid for as well
 * (Korn & Graubard 1998), and it is never more than there were. `hits` of `events` each second. Null below ten seconds.
 */
export function effectiveSize(hits: ArrayLike<number>, events: ArrayLike<number>): number | null {
  let [totalHits, total] = [0, 0];
  for (let at = 0; at < events.length; at += 1) {
    totalHits += hits[at] ?? 0;
    total += events[at] ?? 0;
  }
  if (total === 0) return null;
  const share = totalHits / total;
  const deviations: number[] = [];
  for (let at = 0; at < events.length; at += 1) deviations.push((hits[at] ?? 0) - share * (events[at] ?? 0));
  const error = errorOfSum(deviations);
  if (error === null) return null;
  const independent = total * share * (1 - share);
  if (independent === 0) return total;
  const effect = error.standardError ** 2 / independent;
  const paid = (studentQuantile(CONFIDENCE, error.freedom) / NORMAL_95) ** 2;
  const memory = 1 - error.independent / deviations.length;
  return total / Math.max(1, effect * paid * (1 + HIDDEN_MEMORY * memory));
}
