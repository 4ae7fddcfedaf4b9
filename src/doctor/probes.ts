import { setTimeout as sleep } from 'node:timers/promises';
import { comparisonsOf, type Condition } from '../model/condition.ts';
import { metricOf } from '../model/metrics.ts';
import type { ProbeStatus, Sample } from '../model/sample.ts';
import { instanceOf } from '../probes/probe-address.ts';
import { privilegesFor } from '../probes/privileges.ts';
import type { Shortfall } from '../probes/probe.ts';
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
    const shortfalls = sampler.shortfalls();
    const statuses = sampler.statuses();
    const findings = probes.flatMap((request, index) => {
      const status = statuses[index];
      return status === undefined ? [] : [findingOf(request, status, { others: probes.filter((other) => other !== request && other.kind === request.kind), samples, shortfalls: shortfalls[index] ?? [] })];
    });
    return { findings, read: new Set(samples.map(({ metric }) => metric)) };
  } finally {
    await sampler.stop();
  }
}

interface Seen {
  /** Further probes of its kind. */
  readonly others: readonly ProbeRequest[];
  readonly samples: readonly Sample[];
  readonly shortfalls: readonly Shortfall[];
}

function findingOf(request: ProbeRequest, status: ProbeStatus, { others, samples, shortfalls }: Seen): Finding {
  // Where there are several of a kind, which. An address that cannot be read is never repeated: it may hold a secret.
  const isReadable = URL.canParse(request.address) || /^\w+$/.test(request.address);
  const check = `probe ${request.kind}${others.length > 0 && isReadable ? ` ${instanceOf(request)}` : ''}`;
  if (status.status !== 'ok') return { check, status: 'fail', detail: status.reason, hint: whatGivesIt(status, request), exitCode: EXIT.invalid };
  const isOthers = (instance: string | undefined): boolean => instance !== undefined && instance !== instanceOf(request) && others.some((other) => instanceOf(other) === instance);
  const metrics = new Set(samples.filter(({ probe, instance }) => probe === request.kind && !isOthers(instance)).map(({ metric }) => metric));
  if (metrics.size === 0) return warn(check, `${status.detail}; opened, but nothing was read within ${READ_MS / 1000} s`, 'It may have too little traffic, or none of the metrics that scaleplan knows.');
  const missing = shortfalls.map(({ what, remedy }) => `For ${what}: ${remedy}`);
  return ok(check, `${status.detail}; ${metrics.size} metrics read`, missing.length === 0 ? null : missing.join('\n'));
}

/** Who is let in and not told everything lacks one right, and its line is in the hint; who is not let in may not be there yet. */
const NOT_LET_IN = /authentication failed|no such user|NOAUTH|WRONGPASS|invalid password|role ".*" does not exist|answered 40[13]|not allowed/i;

function whatGivesIt({ reason, hint }: { readonly reason: string; readonly hint: string | null }, request: ProbeRequest): string | null {
  const privileges = NOT_LET_IN.test(reason) ? privilegesFor(request) : null;
  if (privileges === null) return hint;
  const lines = privileges.lines.filter((line) => hint?.includes(line) !== true);
  return [...(hint === null ? [] : [hint]), ...(lines.length === 0 ? [] : [`Where there is no such user yet, one with exactly what is needed (${privileges.where}):`]), ...lines.map((line) => `  ${line}`)].join('\n');
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
