import { ScaleplanError } from '../errors.ts';
import type { ProbeKind } from '../model/sample.ts';
import { nearest } from '../model/nearest.ts';
import type { OpenProbe } from './probe.ts';

/** A probe somebody asked for: `redis=redis://127.0.0.1:6379`. The address may hold a secret: never print it. */
export interface ProbeRequest {
  readonly kind: ProbeKind;
  readonly address: string;
}

interface Entry {
  readonly load: () => Promise<OpenProbe>;
  /** What an address looks like, for messages. */
  readonly example: string;
  readonly accepts: RegExp;
}

/** Loaded only when asked for: the drivers behind them take longer to load than all the rest of the program. */
const PROBES: ReadonlyMap<ProbeKind, Entry> = new Map([
  ['postgres', { load: async () => (await import('./postgres.ts')).postgresProbe, example: 'postgres://user@host:5432/db', accepts: /^postgres(ql)?:\/\//i }],
  ['pgbouncer', { load: async () => (await import('./pgbouncer.ts')).pgbouncerProbe, example: 'postgres://stats@host:6432', accepts: /^postgres(ql)?:\/\//i }],
  ['redis', { load: async () => (await import('./redis.ts')).redisProbe, example: 'redis://host:6379', accepts: /^rediss?:\/\//i }],
  ['bullmq', { load: async () => (await import('./bullmq.ts')).bullmqProbe, example: 'redis://host:6379?queue=mail', accepts: /^rediss?:\/\/.*[?&]queue=./i }],
  ['qdrant', { load: async () => (await import('./qdrant.ts')).qdrantProbe, example: 'http://host:6333', accepts: /^https?:\/\//i }],
  ['node', { load: async () => (await import('./node.ts')).nodeProbe, example: 'http://host:3000/metrics', accepts: /^https?:\/\//i }],
  ['prometheus', { load: async () => (await import('./prometheus.ts')).prometheusProbe, example: 'http://host:9090', accepts: /^https?:\/\//i }],
  ['browser', { load: async () => (await import('./browser.ts')).browserProbe, example: 'http://host:3000/', accepts: /^https?:\/\//i }],
  ['host', { load: async () => (await import('./host.ts')).hostProbe, example: 'local', accepts: /^local$/ }],
  ['process', { load: async () => (await import('./process.ts')).processProbe, example: '12345', accepts: /^\d+$/ }],
] satisfies [ProbeKind, Entry][]);

/** The kinds a user may write, in the order of the documentation. */
export const PROBE_KINDS: readonly ProbeKind[] = [...PROBES.keys()];

/** The probe of a kind. Throws `unknown-name` for one that this version does not have. */
export async function loadProbe(kind: ProbeKind): Promise<OpenProbe> {
  const entry = PROBES.get(kind);
  if (entry === undefined) throw new ScaleplanError('unknown-name', `there is no probe "${kind}"`, { hint: kinds() });
  return entry.load();
}

/** Reads `kind=address` as written behind `--probe`. Throws `wrong-usage`; the address, which may hold a secret, is never repeated. */
export function parseProbe(text: string): ProbeRequest {
  const equals = text.indexOf('=');
  const name = (equals < 0 ? text : text.slice(0, equals)).trim();
  const address = equals < 0 ? '' : text.slice(equals + 1).trim();
  const kind = PROBE_KINDS.find((known) => known === name);
  if (kind === undefined) throw unknownProbe(equals < 0 ? null : name);
  const entry = PROBES.get(kind);
  if (entry !== undefined && !entry.accepts.test(address)) {
    const message = address === '' ? `probe ${kind} has no address` : `the address of probe ${kind} does not look like one`;
    throw new ScaleplanError('wrong-usage', message, { hint: `Write --probe ${kind}=${entry.example}` });
  }
  return { kind, address };
}

/** Without an equals sign the text may be a bare address, password included: it is not repeated. */
function unknownProbe(name: string | null): ScaleplanError {
  if (name === null || name.includes('://')) {
    return new ScaleplanError('wrong-usage', 'a probe is written kind=address', { hint: `For example --probe redis=redis://127.0.0.1:6379. ${kinds()}` });
  }
  const meant = nearest(name, PROBE_KINDS);
  return new ScaleplanError('wrong-usage', `there is no probe "${name}"`, { hint: meant === null ? kinds() : `Did you mean "${meant}"? ${kinds()}` });
}

function kinds(): string {
  return `Probes: ${PROBE_KINDS.join(', ')}.`;
}
