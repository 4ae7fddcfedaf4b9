import { z } from 'zod';

import { PROFILES } from './configuration.ts';

export const SUITES = ['unit', 'integration', 'load', 'stress'] as const;
export const ENGINES = ['autocannon', 'artillery', 'k6'] as const;
export const PROBES = ['postgres', 'pgbouncer', 'redis', 'bullmq', 'qdrant', 'node', 'host', 'process', 'prometheus', 'browser'] as const;

const text = z.string().min(1);
/** A header's value may be written without quotes: `x-tenant: 7`. */
const headerValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const host = text.refine((name) => !/[/\s]/.test(name), { error: 'expected a host name, without scheme and path' });

export const webAddress = z.url({ protocol: /^https?$/, error: 'must be an http or https URL, as in http://127.0.0.1:3000' });

const address = z.union([z.string().min(1), z.int()]).transform(String);
/** `redis: redis://…`, or several of a kind in a list. */
const probeMap = z
  .partialRecord(z.enum(PROBES), z.union([address, z.array(address)]))
  .transform((map) => PROBES.flatMap((kind) => [map[kind] ?? []].flat().map((one) => ({ kind, address: one }))));

/** `redis=redis://…`, as behind `--probe`. The message leaves the text out: it may hold a password. */
const probeText = z.string().transform((written, context) => {
  const probe = parseProbeText(written);
  if (probe !== null) return probe;
  context.addIssue({ code: 'custom', message: `must be <kind>=<address> with a kind out of ${PROBES.join(', ')}` });
  return z.NEVER;
});

/** Null where the text is no `<kind>=<address>` of a known kind. */
export function parseProbeText(written: string): { readonly kind: (typeof PROBES)[number]; readonly address: string } | null {
  const [, name, rest] = /^\s*([a-z]+)\s*=\s*(.+?)\s*$/.exec(written) ?? [];
  const kind = PROBES.find((known) => known === name);
  return kind === undefined || rest === undefined ? null : { kind, address: rest };
}

/** `20s`, `2m`, or seconds as they are. */
const seconds = z.union([z.int().min(1), z.string().regex(/^\d+\s*(s|m|min)?$/, { error: 'must be a time, as in 20s or 2m' })]).transform((written) => {
  const [, figure, unit = 's'] = /^(\d+)\s*(s|m|min)?$/.exec(String(written)) ?? [];
  return Number(figure) * (unit === 's' ? 1 : 60);
});
const experiment = z
  .strictObject({ begin: text, end: z.exactOptional(text), lasts: z.exactOptional(seconds), expect: z.exactOptional(z.array(text).min(1)) })
  .transform(({ begin, end = null, lasts = null, expect = null }) => ({ begin, end, lasts, expect }));

/** What `scaleplan.config.yaml` may hold. Every key can be left out. */
export const ConfigurationFile = z.strictObject({
  plan: z.exactOptional(text),
  phase: z.exactOptional(z.union([text, z.int()]).transform(String)),
  target: z.exactOptional(webAddress),
  suites: z.exactOptional(z.array(z.enum(SUITES)).min(1)),
  scenarios: z.exactOptional(z.array(text).min(1)),
  engine: z.exactOptional(z.enum(ENGINES)),
  profile: z.exactOptional(z.enum(PROFILES)),
  probes: z.exactOptional(z.union([probeMap, z.array(probeText)])),
  metricNames: z.exactOptional(z.record(z.string(), text)),
  headers: z.exactOptional(z.record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/), headerValue)),
  experiments: z.exactOptional(z.record(text, experiment)),
  allowedTargets: z.exactOptional(z.array(host)),
  output: z.exactOptional(text),
  reporters: z.exactOptional(z.array(text).min(1)),
  baseline: z.exactOptional(text),
  acceptNoise: z.exactOptional(z.boolean()),
});
