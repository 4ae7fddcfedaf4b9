import { distance } from 'fastest-levenshtein';

/** The one of `names` that `name` was most likely meant to be, or null where none is close: for "did you mean". */
export function nearest(name: string, names: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of names) {
    const far = howFar(name, candidate);
    if (far < bestDistance) {
      best = candidate;
      bestDistance = far;
    }
  }
  return bestDistance <= typosAllowed(name) ? best : null;
}

/** ` Did you mean "x"?`, or nothing; ready to be put behind a sentence. */
export function didYouMean(name: string, names: Iterable<string>): string {
  const found = nearest(name, names);
  return found === null ? '' : `; did you mean "${found}"?`;
}

/** About a third of a word may be wrong; in a word of three letters more than one wrong letter is another word. */
function typosAllowed(name: string): number {
  return Math.min(4, Math.max(1, Math.round(name.length * 0.35)));
}

function howFar(name: string, candidate: string): number {
  const left = plain(name);
  const right = plain(candidate);
  if (left === right) return 0.5;
  // Swapped letters (`gte` for `get`) are one slip of the fingers, though two edits.
  if (left.length > 2 && left.length === right.length && sorted(left) === sorted(right)) return 1;
  // A beginning that was left unfinished (`dash` for `dashboard`).
  if (left.length > 3 && right.startsWith(left)) return 1;
  return distance(left, right);
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, '');
}

function sorted(name: string): string {
  return Array.from(name).toSorted().join('');
}
