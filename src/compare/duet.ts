import { COMPARED_METRICS, type ComparedMetric, type Comparison } from '../model/comparison.ts';
import type { Run } from '../model/run.ts';
import { CONFIDENCE } from '../stats/binomial.ts';
import { studentQuantile, studentTail } from '../stats/student.ts';
import { blockDraws } from './block-bootstrap.ts';
import { differing } from './comparable.ts';
import { sayScope } from './compare.ts';
import type { Contrast } from './contrast.ts';
import { FAMILY_ERROR } from './decide.ts';
import { echoOf } from './echo.ts';
import { ERROR_MARGIN_POINTS, contrastErrors } from './error-rate.ts';
import { judgeFamily, type JudgeableContrast } from './judge-family.ts';
import { latencyBins, logQuantiles } from './latency-bins.ts';
import { FEWEST_SECONDS, LATENCY_QUANTILES, blocksFor, countErrors, fewestRequests } from './observe.ts';
import { lonelyScopes } from './lonely.ts';
import { pairSeconds, type PairedTraffic } from './pair-seconds.ts';
import { trafficOf } from './traffic.ts';

export interface DuetOptions {
  readonly threshold: number;
  readonly metrics?: readonly ComparedMetric[];
  readonly force?: boolean;
  /** A look before the end: decided only by what is far beyond doubt, so that looking often does not add up to a false alarm. */
  readonly isEarly?: boolean;
}

/** Early looks of a duet decide at a tenth of the level, which leaves the last one its own (Haybittle 1971, Peto et al. 1976). */
const EARLY_ERROR = FAMILY_ERROR / 10;
/** Draws of the bootstrap; their scatter is the standard error, to ± 4 %. */
const DRAWS = 300;

/**
 * Two versions under the same load at the same time (duet benchmarking, Bulej et al. 2020): what disturbs the machine disturbs both
 * in the same seconds. So seconds are drawn in pairs, and the noise they share is not in the scatter of the difference.
 */
export function compareDuet(base: Run, head: Run, options: DuetOptions): Comparison {
  const { reasons, notes } = differing([base], [head]);
  const frame = { kind: 'duet' as const, comparable: reasons.length === 0, reasons, base: [base.id], head: [head.id], thresholdPercent: 100 * options.threshold };
  if (reasons.length > 0 && options.force !== true) return { ...frame, notes, method: '', differences: [] };
  const pairs = pairSeconds(base, head);
  const wanted = options.metrics ?? COMPARED_METRICS;
  const contrasts = pairs.flatMap((pair) => contrastPair(pair, wanted, options));
  const left = pairs.flatMap((pair) => wanted.filter((metric) => !contrasts.some((one) => one.metric === metric && one.scope === pair.scope)).map((metric) => `${metric} of ${sayScope(pair.scope)} was not compared: too few requests or seconds`));
  const level = options.isEarly ? EARLY_ERROR : FAMILY_ERROR;
  return {
    ...frame, notes: [...notes, ...left], differences: [...judgeFamily(contrasts, 1, level), ...lonelyScopes([[trafficOf(base)], [trafficOf(head)]], wanted)],
    method: `paired differences of a duet of ${Math.max(0, ...pairs.map(({ seconds }) => seconds))} s, seconds of both sides drawn together in blocks; worse or better at ${100 * level} % over all ${contrasts.length} figures together, same at 5 %`,
  };
}

function contrastPair(pair: PairedTraffic, wanted: readonly ComparedMetric[], { threshold, isEarly = false }: DuetOptions): JudgeableContrast[] {
  const [base, head] = [[countErrors(pair.base.traffic)], [countErrors(pair.head.traffic)]];
  const rate = wanted.includes('http.error_rate') ? contrastErrors(pair.scope, base, head, null) : null;
  const logs = pair.seconds < FEWEST_SECONDS ? [] : contrastLogs(pair, wanted, isEarly);
  return [...logs.map((one) => ({ ...one, margin: threshold })), ...(rate === null ? [] : [{ ...rate, margin: ERROR_MARGIN_POINTS }])];
}

/** Latencies and throughput: the logarithm of head ÷ base over the run, and over each draw of paired seconds. */
function contrastLogs(pair: PairedTraffic, wanted: readonly ComparedMetric[], isEarly: boolean): Contrast[] {
  const bins = [pair.base, pair.head].map(({ traffic }) => latencyBins(traffic.seconds, traffic.timeoutMs));
  const fewest = Math.min(...[pair.base, pair.head].map(({ traffic }) => traffic.seconds.reduce((sum, one) => sum + one.requests, 0)));
  const metrics = (Object.keys(LATENCY_QUANTILES) as (keyof typeof LATENCY_QUANTILES)[]).filter((metric) => wanted.includes(metric) && fewest >= fewestRequests(metric)); // its own keys
  const quantiles = metrics.map((metric) => LATENCY_QUANTILES[metric]);
  const everySecond = Array.from({ length: pair.seconds }, (_, at) => at);
  const logsOf = (side: 0 | 1, chosen: ArrayLike<number>): number[] => [
    ...(bins[side] === undefined ? [] : logQuantiles(bins[side], chosen, quantiles)), Math.log(sumAt((side === 0 ? pair.base : pair.head).successes, chosen) / pair.seconds),
  ];
  const [before, after] = [logsOf(0, everySecond), logsOf(1, everySecond)];
  const block = Math.max(1, ...bins.map((one, side) => blocksFor(one, (side === 0 ? before : after).slice(0, metrics.length))));
  const draws: number[][] = [];
  for (const chosen of blockDraws(pair.seconds, block, DRAWS, pair.seed)) {
    const [low, high] = [logsOf(0, chosen), logsOf(1, chosen)];
    draws.push(high.map((log, at) => log - (low[at] ?? Number.NaN)));
  }
  const blocks = pair.seconds / block;
  const all: readonly ComparedMetric[] = [...metrics, 'http.throughput'];
  return all.flatMap((metric, at) => {
    if (!wanted.includes(metric)) return [];
    const [low, high] = [before[at] ?? Number.NaN, after[at] ?? Number.NaN];
    const contrast = contrastOf({ scope: pair.scope, metric, low, high }, draws.map((draw) => draw[at] ?? Number.NaN), { blocks, isEarly });
    return contrast === null ? [] : [contrast];
  });
}

function contrastOf(
  { scope, metric, low, high }: Pick<Contrast, 'scope' | 'metric'> & { readonly low: number; readonly high: number }, drawn: readonly number[],
  { blocks, isEarly }: { readonly blocks: number; readonly isEarly: boolean },
): Contrast | null {
  const mid = high - low;
  const known = drawn.filter(Number.isFinite);
  if (!Number.isFinite(mid) || known.length < drawn.length * 0.9) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const freedom = Math.max(1, blocks - 1);
  // So few blocks show a little less scatter than there is.
  const standardError = Math.max(1e-9, Math.sqrt((known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length) * (blocks / freedom)));
  const reach = studentQuantile(isEarly ? 1 - EARLY_ERROR : CONFIDENCE, freedom) * standardError;
  return {
    scope, metric, base: Math.exp(low), head: Math.exp(high), change: { low: mid - reach, mid, high: mid + reach }, isLog: true, freedom,
    pRise: studentTail(mid / standardError, freedom), pFall: studentTail(-mid / standardError, freedom),
    echo: echoOf(drawn.map((value) => (Number.isFinite(value) ? value - mean : 0))), noise: null,
    outlook: { kind: 'noise', standardError, runsPerSide: null, withinShare: 1 },
  };
}

function sumAt(values: readonly number[], chosen: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < chosen.length; at += 1) sum += values[chosen[at] ?? 0] ?? 0;
  return sum;
}
