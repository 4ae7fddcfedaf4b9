import { assess } from '../../src/cli/assess.ts';
import { diagnose } from '../../src/diagnose/diagnose.ts';
import type { Situation as Seen } from '../../src/diagnose/rule.ts';
import { situationOf } from '../../src/diagnose/situation.ts';
import { comparisonsOf } from '../../src/model/condition.ts';
import type { BottleneckId } from '../../src/model/bottleneck.ts';
import type { Diagnosis, Report } from '../../src/model/report.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Run } from '../../src/model/run.ts';
import type { ProbeKind } from '../../src/model/sample.ts';
import { findPhase } from '../../src/plan/resolve.ts';
import { loadPlan } from '../../src/plan/load.ts';
import type { Series } from '../../src/stats/series.ts';

/** What a report says of a recording. */
export interface Told {
  /** Named as hit, in the order of the report. */
  readonly named: readonly { readonly id: BottleneckId; readonly confidence: number }[];
  readonly suspected: readonly BottleneckId[];
  readonly outcome: Diagnosis['outcome'];
}

const plans = new Map<string, Promise<Plan>>();

/** The whole of it, as `scaleplan report` would make it. */
export async function reportOf(run: Run): Promise<Report> {
  const loading = plans.get(run.plan.id) ?? loadPlan(run.plan.id, { cwd: '/' });
  plans.set(run.plan.id, loading);
  const plan = await loading;
  return assess(run, plan, findPhase(plan, run.plan.phase), { folder: run.id, toolVersion: '' });
}

export function toldBy({ outcome, bottlenecks }: Diagnosis): Told {
  const isNamed = ({ status, id }: Diagnosis['bottlenecks'][number]): boolean => status === 'hit' || (outcome === 'generator' && id === 'generator');
  return {
    outcome,
    named: bottlenecks.filter(isNamed).map(({ id, confidence }) => ({ id, confidence })),
    suspected: bottlenecks.filter((one) => !isNamed(one)).map(({ id }) => id),
  };
}

/** What would be told of the same run, had these probes not been there. What the clients saw is the same, and is not counted anew. */
export function toldWithout({ run, plan, verdicts, validity }: Report, all: Seen, hides: (kind: ProbeKind) => boolean): Told {
  const seen = situationOf({ ...run, steps: run.steps.map((step) => ({ ...step, intervals: [] })), samples: run.samples.filter(({ probe }) => !hides(probe)), probes: run.probes.filter(({ kind }) => !hides(kind)) });
  const situation: Seen = {
    ...seen, sentPerSec: all.sentPerSec, client: all.client, reference: all.reference, judged: all.judged, whole: all.whole,
    series: (metric, instance) => (/^(http|generator)\./.test(metric) ? all : seen).series(metric, instance),
  };
  const known = verdicts.filter(({ condition }) => comparisonsOf(condition).every(({ metric }) => metric.startsWith('http.')));
  return toldBy(diagnose({ situation, plan, verdicts: known, validity, users: 1 }));
}

/**
 * The second from which on the bottleneck is named, had somebody looked every second; null if never. What is read later is not known
 * then; which limits are broken is taken from the whole run, as a person at the screen knows that something is wrong.
 */
export function namedFrom({ plan, verdicts, validity }: Report, seen: Seen, id: BottleneckId): number | null {
  const [from, to] = seen.judged;
  for (let second = from + 3; second <= to; second += 1) {
    const { named } = toldBy(diagnose({ situation: until(seen, second), plan, verdicts, validity, users: 1 }));
    if (named.some((one) => one.id === id)) return second;
  }
  return null;
}

function until(seen: Seen, second: number): Seen {
  const cut = (series: Series | null): Series | null => series && { values: series.values.subarray(0, second), ...(series.weights ? { weights: series.weights.subarray(0, second) } : {}) };
  const kept = (series: Series): Series => cut(series) ?? series;
  const { client, judged: [from] } = seen;
  return {
    ...seen, judged: [from, second], whole: [from, second],
    series: (metric, instance) => cut(seen.series(metric, instance)),
    ...(seen.pooler === undefined ? {} : { pooler: (metric, instance) => cut(seen.pooler?.(metric, instance) ?? null) }),
    sentPerSec: cut(seen.sentPerSec),
    client: client && {
      ...client, inFlight: kept(client.inFlight), journeys: client.journeys.map(({ name, mean }) => ({ name, mean: kept(mean) })),
      arrivals: client.arrivals && { made: kept(client.arrivals.made), asked: kept(client.arrivals.asked) },
    },
  };
}
