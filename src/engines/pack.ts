import type { EncodedHistogram, Interval } from '../model/interval.ts';

/** Below this many numbers a list is no larger than what it would be packed into. */
const FEWEST = 32;
/** A byte of a number holds seven bits of it; the eighth says that more follow (LEB128). */
const MORE = 0x80;

/**
 * The same interval in a tenth of the memory. All seconds of a run are kept until its end, and a busy one has some thousand counters,
 * which as numbers of JavaScript take eight bytes each. It reads, copies and compares as any other.
 */
export function packInterval(interval: Interval): Interval {
  return {
    ...interval,
    rows: interval.rows.map((row) => ({ ...row, latency: packHistogram(row.latency), errorLatency: packHistogram(row.errorLatency), ttfb: packHistogram(row.ttfb) })),
  };
}

function packHistogram(histogram: EncodedHistogram): EncodedHistogram {
  if (histogram.counts.length < FEWEST) return histogram;
  const packed = pack(histogram.counts);
  const { count, minUs, maxUs, sumUs } = histogram;
  return {
    get counts() {
      return unpacked(packed);
    },
    count, minUs, maxUs, sumUs,
  };
}

/**
 * The counts of neighbours one after the other, mostly a byte each; a 0, which no counter has, stands before the length of a gap. Bytes
 * as a text: a small buffer takes some hundred more.
 */
function pack(counts: readonly number[]): string {
  const bytes: number[] = [];
  const put = (value: number): void => {
    let left = value;
    for (; left >= MORE; left = Math.floor(left / MORE)) bytes.push((left % MORE) + MORE);
    bytes.push(left);
  };
  let next = 0;
  for (let at = 0; at + 1 < counts.length; at += 2) {
    const [index = 0, count = 0] = [counts[at], counts[at + 1]];
    if (index > next) {
      put(0);
      put(index - next);
    }
    put(count);
    next = index + 1;
  }
  return Buffer.from(bytes).toString('latin1');
}

/** The one that was read last: a loop over the counters asks for them again and again. */
let last: { readonly packed: string; readonly counts: readonly number[] } | null = null;

function unpacked(packed: string): readonly number[] {
  if (last?.packed === packed) return last.counts;
  const counts: number[] = [];
  let [next, value, factor, isGap] = [0, 0, 1, false];
  for (let at = 0; at < packed.length; at += 1) {
    const byte = packed.charCodeAt(at);
    value += (byte % MORE) * factor;
    factor *= MORE;
    if (byte >= MORE) continue;
    if (isGap) next += value;
    else if (value > 0) counts.push(next++, value);
    isGap = !isGap && value === 0;
    [value, factor] = [0, 1];
  }
  last = { packed, counts };
  return counts;
}
