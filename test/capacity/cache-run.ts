import { interval, openShape, run, samples, step, times } from '../judge/facts.ts';

/** A minute of 10 requests/s by 40 users, who come to have 2.5 keys of 5 kB each in a cache with room for 1 MB of keys beside 1 MB for itself; `scale`: keys and room so many times larger. */
export function cacheRun(more: { readonly seconds?: number; readonly rows?: number | null; readonly scale?: number } = {}) {
  const seconds = more.seconds ?? 60;
  const keys = times(seconds, (at) => Math.round(100 * (1 - Math.exp(-at / 10))));
  const scale = more.scale ?? 1;
  const bytes = keys.map((count, at) => 1e6 + 5000 * scale * count + ((at * 37) % 11) * 200);
  const rows = more.rows === undefined ? 40 : more.rows;
  return run([step(times(seconds, (at) => interval(at, [{ latenciesMs: times(10, () => 5) }])), { shape: openShape(seconds - 10, 10) })], {
    configuration: rows === null ? {} : { dataRows: rows },
    samples: [
      ...samples('redis', 'redis.keys', keys),
      ...samples('redis', 'redis.memory', bytes),
      ...samples('redis', 'redis.memory_used', bytes.map((used) => (100 * used) / (1e6 + scale * 1e6))),
    ],
  });
}
