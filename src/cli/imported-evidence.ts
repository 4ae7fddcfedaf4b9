import { ScaleplanError } from '../errors.ts';
import type { RunStep } from '../model/run.ts';
import type { ProbeStatus, Sample } from '../model/sample.ts';
import { withoutSecrets } from '../probes/probe-address.ts';
import { readPrometheusRange } from '../probes/prometheus-range.ts';
import type { ProbeRequest } from '../probes/registry.ts';

/** What the servers did at the time of an imported test. */
export interface Evidence {
  readonly samples: readonly Sample[];
  readonly statuses: readonly ProbeStatus[];
}

/** A Prometheus that cannot be asked is a line of the report, as a probe is in a run. */
const PATIENCE_MS = 60_000;

export async function evidenceOf(probes: readonly ProbeRequest[], metricNames: Readonly<Record<string, string>>, { startedAtMs, endedAtMs }: RunStep): Promise<Evidence> {
  const parts = await Promise.all(probes.map(({ address }) => readOne(address, metricNames, startedAtMs, endedAtMs)));
  return { samples: parts.flatMap(({ samples }) => samples).toSorted((a, b) => a.atMs - b.atMs), statuses: parts.flatMap(({ statuses }) => statuses) };
}

async function readOne(address: string, metricNames: Readonly<Record<string, string>>, fromMs: number, toMs: number): Promise<Evidence> {
  const clean = (text: string): string => withoutSecrets(text, address);
  try {
    const samples = await readPrometheusRange({ address, fromMs, toMs, metricNames, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (samples.length === 0) return { samples, statuses: [{ kind: 'prometheus', status: 'refused', reason: 'it has nothing of that time', hint: 'Has it kept it, and are the clocks of both the same?' }] };
    const metrics = new Set(samples.map(({ metric }) => metric)).size;
    return { samples, statuses: [{ kind: 'prometheus', status: 'ok', detail: `${samples.length} readings of ${metrics} metrics from ${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`, missedTicks: 0 }] };
  } catch (error) {
    const reason = clean(error instanceof Error ? error.message : String(error));
    return { samples: [], statuses: [{ kind: 'prometheus', status: 'refused', reason, hint: error instanceof ScaleplanError && error.hint !== null ? clean(error.hint) : null }] };
  }
}
