/** One engine under one behaviour of the server: what it reports beside what the server recorded of the same requests. */
import { loadScenario } from '../src/scenario/load.ts';
import type { LoadShape } from '../src/model/load.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, measure, summarize, type Measured } from '../test/engines/autocannon/measure.ts';
import { startBehavingServer, type SeenRequest } from '../test/engines/behaving-server.ts';
import { busyShare, cpuTimes, type CpuTimes } from './machine.ts';
import { today, type Result } from './results.ts';
import { LANDING, type TruthCase } from './truth-cases.ts';
import type { Subject } from './truth-subjects.ts';

/** Beyond this the figures tell how the machine shares its cores, not how well is measured. */
export const MOST_BUSY = 0.5;
const ATTEMPTS = 3;
/** Left out, as the reference stage of a run is: until then connections are opened and code is being compiled. */
const WARM_UP_SECONDS = 3;

export interface Outcome extends Result {
  readonly busy: number;
  readonly requests: number;
  readonly miscounted: number;
  readonly wrongErrors: string;
  /** p50, p95 and p99. */
  readonly quantiles: readonly { readonly serverMs: number; readonly measuredMs: number }[];
  readonly ttfbMs: number;
}

/** The name of an outcome among all that are kept. */
export function keyOf(one: TruthCase, subject: Subject): string {
  return `${one.name} | ${subject.name}`;
}

/** Tries again where the figures are apart, for the machine may be busy with something else; gives the quietest attempt, right or not. */
export async function compareQuietly(one: TruthCase, subject: Subject): Promise<Outcome> {
  const attempts: [Outcome, ...Outcome[]] = [await compare(one, subject)];
  while (subject.isFloor !== true && attempts.length < ATTEMPTS && !attempts.some((outcome) => isRight(outcome, subject))) attempts.push(await compare(one, subject));
  const [quietest, ...others] = attempts;
  return others.reduce((best, next) => (next.busy < best.busy ? next : best), quietest);
}

export function isRight({ miscounted, wrongErrors, quantiles }: Outcome, { allowedMs, allowedShare }: Subject): boolean {
  const isWithin = quantiles.every(({ serverMs, measuredMs }) => Math.abs(measuredMs - serverMs) <= Math.max(allowedMs, allowedShare * serverMs));
  return isWithin && miscounted === 0 && wrongErrors === '';
}

async function compare(one: TruthCase, subject: Subject): Promise<Outcome> {
  await using server = await startBehavingServer(one.behaviour);
  const folder = await mkdtemp(join(tmpdir(), 'truth-'));
  try {
    const file = join(folder, 'visit.yml');
    await writeFile(file, 'config: {target: http://127.0.0.1:9}\nscenarios:\n  - name: visit\n    flow:\n      - get: {url: /a}\n      - get: {url: /b}\n');
    const marks: CpuTimes[] = [];
    const asked = load(server.url, { timeoutMs: one.timeoutMs, scenario: await loadScenario(file), shape: shapeOf(one, subject.model) });
    const all = await measure(asked, {
      engine: subject.engine,
      onInterval: ({ second }) => {
        if (second === WARM_UP_SECONDS - 1 || second === WARM_UP_SECONDS + one.seconds - 1) marks.push(cpuTimes());
      },
    });
    return outcomeOf(one, subject, all, await server.record(), marks);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function shapeOf({ arrivalsPerSec, users, seconds }: TruthCase, model: LoadShape['model']): LoadShape {
  const stage = { name: 'sustain', judged: true, durationSeconds: WARM_UP_SECONDS + seconds } as const;
  return model === 'open'
    ? { model, stages: [{ ...stage, arrivalsPerSec: { from: arrivalsPerSec, to: arrivalsPerSec } }] }
    : { model, stages: [{ ...stage, users, enough: null }] };
}

function outcomeOf(one: TruthCase, subject: Subject, all: Measured, record: readonly SeenRequest[], marks: readonly CpuTimes[]): Outcome {
  const compared = summarize(all.intervals.filter(({ second }) => second >= WARM_UP_SECONDS));
  // The same requests on both sides: an engine counts one in the second in which it ended.
  const fromMs = all.intervals[WARM_UP_SECONDS]?.startedAtMs ?? Number.NaN;
  const exchanges = exchangesIn(record);
  const served = exchanges.filter(({ endedAtMs }) => endedAtMs >= fromMs).map(({ servedMs }) => servedMs).sort((a, b) => a - b);
  const refused = all.errors.refused ?? 0;
  return {
    key: keyOf(one, subject), day: today(), ttfbMs: compared.ttfbMs(0.95), busy: busyShare(marks),
    requests: all.requests,
    // A server that is away sees nothing of those it refuses.
    miscounted: all.requests - refused - (record.length - redirectsIn(record)),
    wrongErrors: wrongErrorsIn(all, record, one),
    quantiles: [0.5, 0.95, 0.99].map((q) => ({ serverMs: served[Math.ceil(q * served.length) - 1] ?? Number.NaN, measuredMs: compared.quantileMs(q) })),
  };
}

function redirectsIn(record: readonly SeenRequest[]): number {
  return record.filter(({ status }) => status === 302).length;
}

/** Requests as a client counts them: one that was redirected together with what it led to. */
function exchangesIn(record: readonly SeenRequest[]): { readonly servedMs: number; readonly endedAtMs: number }[] {
  const whole = record.filter(({ servedUs }) => servedUs !== null);
  // All redirects take alike, so that which one led where makes no difference.
  const redirects = whole.filter(({ status }) => status === 302).map(servedMsOf);
  return whole.filter(({ status }) => status !== 302).map((seen) => ({ servedMs: servedMsOf(seen) + (seen.url === LANDING ? (redirects.shift() ?? 0) : 0), endedAtMs: endOf(seen) }));
}

/** The kinds of errors that are not as many as the server made of them; empty where all are. */
function wrongErrorsIn({ errors }: Measured, record: readonly SeenRequest[], { behaviour }: TruthCase): string {
  const count = (end: SeenRequest['end']): number => record.filter((seen) => seen.end === end).length;
  // Nobody knows what a server that goes away would have seen.
  if (behaviour.away !== undefined) return Object.keys(errors).every((kind) => ['refused', 'reset', 'closed'].includes(kind)) ? '' : Object.keys(errors).join(', ');
  const made: Readonly<Record<string, number>> = { closed: count('fin'), reset: count('rst'), timeout: count('silent') };
  const kinds = new Set([...Object.keys(made), ...Object.keys(errors)]);
  return [...kinds].filter((kind) => (made[kind] ?? 0) !== (Object.entries(errors).find(([name]) => name === kind)?.[1] ?? 0)).map((kind) => `${kind}: ${made[kind] ?? 0} made`).join(', ');
}

function servedMsOf({ servedUs }: SeenRequest): number {
  return (servedUs ?? 0) / 1000;
}

function endOf({ arrivedAtMs, servedUs }: SeenRequest): number {
  return arrivedAtMs + (servedUs ?? 0) / 1000;
}
