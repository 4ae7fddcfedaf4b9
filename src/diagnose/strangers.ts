import type { MetricName } from '../model/metrics.ts';
import type { ProbeKind } from '../model/probe-kind.ts';
import type { Evidence } from '../model/report.ts';
import { sign } from './finding.ts';
import type { Situation } from './rule.ts';
import { say } from './say.ts';
import { levelOf, meanOf, quantileOf } from './window.ts';

/** A transaction or command every other second, or for each hundredth request, is what a server's own housekeeping makes. */
const HOUSEKEEPING_PER_SEC = 0.5;
const HOUSEKEEPING_SHARE = 0.01;
/** Slots that are full keep others out while nobody in them does anything. */
const FULL_SLOTS_PERCENT = 90;
/** One command or script that occupies the only thread is at fault, and is no command that was completed. */
const BUSY_THREAD_PERCENT = 5;
/** A process that only answers its page, with an ordinary one's collections of garbage, stays below both. */
const WORKING_CPU_PERCENT = 5;
const WORKING_LAG_MS = 20;
/** Fewer answers a second may fall between two readings of a page. */
const FEWEST_ANSWERS_PER_SEC = 5;
/** A process that uses half a core, and a host that is not half as busy as that: readings a moment apart do not differ so much. */
const TELLING_CPU_PERCENT = 50;
const MISSED_SHARE = 0.5;

/** What the checks look at; the series must be those of the probe in question alone where several know a metric. */
export type Seen = Pick<Situation, 'series' | 'judged' | 'sentPerSec'>;

/** A server that was read and cannot be the target's, and why. */
export interface Stranger {
  readonly probe: ProbeKind;
  readonly evidence: Evidence;
  /** What of it is left out, whichever probe told. */
  readonly metrics: RegExp;
  /** Nothing else is left of it. */
  readonly isWhole: boolean;
}

/**
 * Servers that did nothing at all while users waited, or that contradict what others saw: an address of the wrong server is a common
 * mistake. They clear no suspect, and what they do not see happens elsewhere; they are left out, and asked after.
 */
export function strangersIn(seen: Seen): Stranger[] {
  const isBusy = isAtWork(seen);
  const checks = [
    ['postgres', /^postgres\.(?!pool)/, idlePostgres(seen)], ['redis', /^redis\./, idleRedis(seen)], ['host', /^host\./, otherHost(seen)],
    ['node', isBusy ? /^node\.request/ : /^node\.|^postgres\.pool/, otherApplication(seen)],
  ] as const;
  return checks.flatMap(([probe, metrics, evidence]) => (evidence === null ? [] : [{ probe, metrics, evidence, isWhole: probe !== 'node' || !isBusy }]));
}

/** Null where it took part, if only by connections that the application holds while it does something else, or by slots that were full. */
function idlePostgres(seen: Seen): Evidence | null {
  const most = mostIn(seen);
  const isHeld = most('postgres.pool_used') > 0 && most('postgres.connections') >= most('postgres.pool_used');
  const isUsed = isHeld || most('postgres.active') > 0 || most('postgres.idle_in_transaction') > 0 || most('postgres.connections_used') >= FULL_SLOTS_PERCENT;
  // Without that figure it may have been at work all the time.
  if (levelOf(seen.series('postgres.active'), seen.judged) === null || isUsed) return null;
  return idle(seen, 'postgres.commits', 'PostgreSQL', 'transactions');
}

function idleRedis(seen: Seen): Evidence | null {
  const most = mostIn(seen);
  const isUsed = most('redis.rejected') > 0 || most('redis.evictions') > 0 || most('redis.oom_errors') > 0 || most('redis.main_thread_cpu') >= BUSY_THREAD_PERCENT;
  return isUsed ? null : idle(seen, 'redis.commands', 'Redis', 'commands');
}

function idle({ series, judged, sentPerSec }: Seen, metric: MetricName, name: string, work: string): Evidence | null {
  const [done, sent] = [meanOf(series(metric), judged), levelOf(sentPerSec, judged)];
  if (done === null || sent === null || done > HOUSEKEEPING_PER_SEC || done > HOUSEKEEPING_SHARE * sent) return null;
  return sign(true, metric, done, HOUSEKEEPING_SHARE * sent, `the ${name} that was read had nothing to do (${say(done)} ${work}/s) while ${say(sent)} requests/s came: do these need none, or does the target use another? ${LEFT_OUT}`);
}

/** Of a page whose counter of requests leaves some routes out: the process itself tells whether it took part. */
function isAtWork({ series, judged }: Seen): boolean {
  return (levelOf(series('node.cpu'), judged) ?? 0) >= WORKING_CPU_PERCENT || (levelOf(series('node.event_loop_lag'), judged) ?? 0) >= WORKING_LAG_MS || (levelOf(series('postgres.pool_used'), judged) ?? 0) > 0;
}

/** The clients got answers that the application whose page was read did not give. */
function otherApplication({ series, judged }: Seen): Evidence | null {
  const [own, got] = [meanOf(series('node.requests'), judged), meanOf(series('http.throughput'), judged)];
  if (own === null || got === null || got < FEWEST_ANSWERS_PER_SEC || own > HOUSEKEEPING_SHARE * got) return null;
  return sign(true, 'node.requests', own, got, `the application whose page was read answered ${say(own)} requests/s, the clients got ${say(got)}: is it the target’s page? ${LEFT_OUT}`);
}

/** A host is at least as busy as one process on it. */
function otherHost({ series, judged }: Seen): Evidence | null {
  const [host, cores, process] = [levelOf(series('host.cpu'), judged), levelOf(series('host.cores'), judged), levelOf(series('node.cpu'), judged)];
  if (host === null || cores === null || process === null || process < TELLING_CPU_PERCENT || host * cores >= MISSED_SHARE * process) return null;
  return sign(true, 'host.cpu', host * cores, process, `the host that was read used ${say(host * cores)} % of a core in all, the application alone ${say(process)} %: it runs elsewhere. ${LEFT_OUT}`);
}

const LEFT_OUT = 'Its figures are left out, they rule nothing out';

function mostIn({ series, judged }: Seen): (metric: MetricName) => number {
  return (metric) => quantileOf(series(metric), judged, 1) ?? 0;
}
