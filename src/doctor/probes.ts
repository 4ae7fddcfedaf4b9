import { setTimeout as sleep } from 'node:timers/promises';
import { comparisonsOf, type Condition } from '../model/condition.ts';
import { metricOf } from '../model/metrics.ts';
import type { ProbeStatus, Sample } from '../model/sample.ts';
import type { ProbeRequest } from '../probes/registry.ts';
import { startSampler } from '../probes/sampler.ts';
import { EXIT } from '../errors.ts';
import { ok, warn, type Finding } from './finding.ts';

/** Rates need two readings a second apart. */
const READ_MS = 2300;

export interface ProbesToCheck {
  readonly probes: readonly ProbeRequest[];
  readonly metricNames: Readonly<Record<string, string>>;
}

export interface CheckedProbes {
  readonly findings: readonly Finding[];
  /** Metrics of which a reading came. */
  readonly read: ReadonlySet<string>;
}

/** Opens every probe and reads it twice, as a run does; the hint of a refused one is what to grant. */
export async function checkProbes({ probes, metricNames }: ProbesToCheck): Promise<CheckedProbes> {
  if (probes.length === 0) return { findings: [], read: new Set() };
  const samples: Sample[] = [];
  const sampler = await startSampler({ probes, metricNames, onSample: (sample) => void samples.push(sample) });
  try {
    if (sampler.statuses().some(({ status }) => status === 'ok')) await sleep(READ_MS);
    const findings = sampler.statuses().map((status) => findingOf(status, samples));
    return { findings, read: new Set(samples.map(({ metric }) => metric)) };
  } finally {
    await sampler.stop();
  }
}

function findingOf(status: ProbeStatus, samples: readonly Sample[]): Finding {
  const check = `probe ${status.kind}`;
  if (status.status !== 'ok') return { check, status: 'fail', detail: status.reason, hint: status.hint, exitCode: EXIT.invalid };
  const metrics = new Set(samples.filter(({ probe }) => probe === status.kind).map(({ metric }) => metric));
  if (metrics.size === 0) return warn(check, `${status.detail}; opened, but nothing was read within ${READ_MS / 1000} s`, 'It may have too little traffic, or none of the metrics that scaleplan knows.');
  // Without it, how long queries take is only known from outside; the extension's own page says how it is switched on.
  const hint = status.kind === 'postgres' && status.detail.includes('without pg_stat_statements')
    ? 'For the time of queries: CREATE EXTENSION pg_stat_statements; with shared_preload_libraries = \'pg_stat_statements\'' : null;
  return ok(check, `${status.detail}; ${metrics.size} metrics read`, hint);
}

/** Required thresholds that nothing reads: each of them would end in "not measured", and the run in 4. */
export function checkConditions(conditions: readonly Condition[], read: ReadonlySet<string>): Finding | null {
  const required = conditions.filter((condition) => condition.kind === 'threshold' && condition.required);
  const unread = required.flatMap((condition) => {
    const metrics = comparisonsOf(condition).map(({ metric }) => metric);
    return metrics.every((metric) => !isRead(metric, read)) ? metrics : [];
  });
  if (unread.length === 0) return required.length === 0 ? null : ok('thresholds', `all ${required.length} required ones can be measured`);
  const said = [...new Set(unread)].map((metric) => {
    const kinds = metricOf(metric)?.from.filter((kind) => kind !== 'client') ?? [];
    return kinds.length === 0 ? `${metric} (for people to judge)` : `${metric} (--probe ${kinds.join(', ')})`;
  });
  return warn('thresholds', `${unread.length} of ${required.length} required ones cannot be measured: ${said.join('; ')}`, 'Add the probes, or mark them required: false in a plan of your own; as it is the run ends in 4.');
}

function isRead(metric: string, read: ReadonlySet<string>): boolean {
  return read.has(metric) || metricOf(metric)?.from.includes('client') === true;
}
