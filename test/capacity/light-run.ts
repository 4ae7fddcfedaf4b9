import { interval, openShape, run, samples, step, times } from '../judge/facts.ts';

/** 20 s at about 8 requests/s, 40 s at about 16: a pool of 5 whose connections are held for 73 ms by each request. */
export function lightRun(more: { readonly pool?: number; readonly probes?: boolean } = {}) {
  const rates = [...times(20, (at) => 8 + ((at * 7) % 5) - 2), ...times(40, (at) => 16 + ((at * 7) % 9) - 4)];
  const seconds = rates.map((rate, at) => interval(at, [{ latenciesMs: times(rate, () => 180) }]));
  const probed = more.probes === false ? [] : [
    ...samples('node', 'postgres.pool_max', times(60, () => more.pool ?? 5)),
    ...samples('node', 'postgres.pool_acquires', rates.map((rate) => rate)),
    ...samples('node', 'postgres.query_time', times(60, (at) => 72 + (at % 3))),
  ];
  return run([step(seconds, { shape: openShape(40, 20) })], { samples: probed });
}
