import type { EncodedHistogram, Interval } from '../model/interval.ts';

/** Below this many numbers a list is no larger than what it would be packed into. */
const FEWEST = 32;
/** A byte of a number holds seven bits of it; the eighth says that more follow (LEB128). */
const MORE = 0x80;

/**
 * The same interval in a sixth of the memory. All seconds of a run are kept until its end, and a busy one has some thousand counters,
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

/** Indices as the distance to the one before, which nearly always fits into a byte, as most counts do. */
function pack(counts: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  let before = 0;
  counts.forEach((value, at) => {
    const isIndex = at % 2 === 0;
    let left = isIndex ? value - before : value;
    if (isIndex) before = value;
    for (; left >= MORE; left = Math.floor(left / MORE)) bytes.push((left % MORE) + MORE);
    bytes.push(left);
  });
  return Uint8Array.from(bytes);
}

/** The one that was read last: a loop over the counters asks for them again and again. */
let last: { readonly packed: Uint8Array; readonly counts: readonly number[] } | null = null;

function unpacked(packed: Uint8Array): readonly number[] {
  if (last?.packed === packed) return last.counts;
  const counts: number[] = [];
  let [before, value, factor] = [0, 0, 1];
  for (const byte of packed) {
    value += (byte % MORE) * factor;
    factor *= MORE;
    if (byte >= MORE) continue;
    if (counts.length % 2 === 0) before = value += before;
    counts.push(value);
    [value, factor] = [0, 1];
  }
  last = { packed, counts };
  return counts;
}
