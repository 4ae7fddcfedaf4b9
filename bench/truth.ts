/** What each engine reports beside what the server recorded of the same requests. */
import { artillery } from '../src/engines/artillery/driver.ts';
import { autocannon } from '../src/engines/autocannon/driver.ts';
import type { Engine } from '../src/engines/engine.ts';
import { checkK6 } from '../src/engines/k6/binary.ts';
import { k6 } from '../src/engines/k6/driver.ts';
import { loadScenario } from '../src/scenario/load.ts';
import type { LoadShape } from '../src/model/load.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, measure, summarize, type Measured } from '../test/engines/autocannon/measure.ts';
import { startBehavingServer, type SeenRequest } from '../test/engines/behaving-server.ts';
import { busyShare, cpuTimes, type CpuTimes } from './machine.ts';
import type { Table } from './table.ts';
import { CASES, LANDING, type TruthCase } from './truth-cases.ts';

/** Beyond this the figures tell how the machine shares its cores, not how well is measured. */
const MOST_BUSY = 0.5;
const ATTEMPTS = 2;
/** How far the p95 of the engines may lie apart where they send the same load. */
const APART = 0.05;
/** Left out, as the reference stage of a run is: until then connections are opened and code is being compiled. */
const WARM_UP_SECONDS = 3;

interface Subject {
  readonly name: string;
  readonly engine: Engine;
  readonly model: LoadShape['model'];
  /** The bound for p50, p95 and p99: the larger of the two. */
  readonly allowedShare: number;
  readonly allowedMs: number;
}

const PRECISE = { allowedShare: 0.005, allowedMs: 0.5 };
const SUBJECTS: readonly Subject[] = [
  { name: 'autocannon', engine: autocannon, model: 'closed', ...PRECISE },
  { name: 'k6, open', engine: k6, model: 'open', ...PRECISE },
  { name: 'k6, closed', engine: k6, model: 'closed', ...PRECISE },
  { name: 'artillery', engine: artillery, model: 'open', allowedShare: 0.01, allowedMs: 2 },
];

interface Outcome {
  readonly subject: Subject;
  readonly busy: number;
  readonly requests: number;
  readonly miscounted: number;
  readonly wrongErrors: string;
  readonly quantiles: readonly { readonly serverMs: number; readonly measuredMs: number }[];
  readonly ttfbMs: number;
}

export async function tables(): Promise<readonly Table[]> {
  const found = await checkK6();
  const subjects = SUBJECTS.filter(({ engine }) => engine.name !== 'k6' || found.usable);
  const rows: string[][] = [];
  const together: string[][] = [];
  for (const one of CASES) {
    const outcomes: Outcome[] = [];
    for (const subject of subjects) if (one.without?.includes(subject.name) !== true) outcomes.push(await compareQuietly(one, subject));
    rows.push(...outcomes.map((outcome) => rowOf(one, outcome)));
    together.push(togetherRow(one, outcomes));
    console.error(`${one.name}: done`);
  }
  return [
    {
      title: 'Latency beside the server’s own record',
      head: ['server', 'engine', 'requests', 'miscounted', 'errors', 'p50 ms: server, measured', 'p95', 'p99', 'largest deviation', 'first byte p95', 'CPUs busy', ''],
      rows,
    },
    { title: 'p95 of the engines beside each other', head: ['server', ...subjects.map(({ name }) => name), `within ${APART * 100} %`], rows: together },
  ];
}

/** Tries again where the figures are apart and the machine was busy with something else; gives the quietest attempt. */
async function compareQuietly(one: TruthCase, subject: Subject): Promise<Outcome> {
  let best = await compare(one, subject);
  for (let attempt = 1; attempt < ATTEMPTS && best.busy > MOST_BUSY && !isRight(best); attempt += 1) {
    const next = await compare(one, subject);
    if (isRight(next) || next.busy < best.busy) best = next;
  }
  return best;
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
    return outcomeOf(subject, all, await server.record(), marks, one);
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

function outcomeOf(subject: Subject, all: Measured, record: readonly SeenRequest[], marks: readonly CpuTimes[], one: TruthCase): Outcome {
  const compared = summarize(all.intervals.filter(({ second }) => second >= WARM_UP_SECONDS));
  // The same requests on both sides: an engine counts one in the second in which it ended.
  const fromMs = all.intervals[WARM_UP_SECONDS]?.startedAtMs ?? Number.NaN;
  const exchanges = exchangesIn(record);
  const served = exchanges.filter(({ endedAtMs }) => endedAtMs >= fromMs).map(({ servedMs }) => servedMs).sort((a, b) => a - b);
  const refused = all.errors.refused ?? 0;
  return {
    subject, ttfbMs: compared.ttfbMs(0.95), busy: busyShare(marks),
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
  return [...kinds].filter((kind) => (made[kind] ?? 0) !== (Object.entries(errors).find(([one]) => one === kind)?.[1] ?? 0)).map((kind) => `${kind}: ${made[kind] ?? 0} made`).join(', ');
}

function servedMsOf({ servedUs }: SeenRequest): number {
  return (servedUs ?? 0) / 1000;
}

function endOf({ arrivedAtMs, servedUs }: SeenRequest): number {
  return arrivedAtMs + (servedUs ?? 0) / 1000;
}

function isRight({ subject, miscounted, wrongErrors, quantiles }: Outcome): boolean {
  const isWithin = quantiles.every(({ serverMs, measuredMs }) => Math.abs(measuredMs - serverMs) <= Math.max(subject.allowedMs, subject.allowedShare * serverMs));
  return isWithin && miscounted === 0 && wrongErrors === '';
}

function rowOf(one: TruthCase, outcome: Outcome): string[] {
  const { subject, busy, requests, miscounted, wrongErrors, quantiles, ttfbMs } = outcome;
  return [
    one.name, subject.name, String(requests), String(miscounted), wrongErrors === '' ? 'right' : wrongErrors,
    ...quantiles.map(({ serverMs, measuredMs }) => `${serverMs.toFixed(2)}, ${measuredMs.toFixed(2)}`),
    `${Math.max(...quantiles.map(({ serverMs, measuredMs }) => Math.abs(measuredMs - serverMs))).toFixed(2)} ms`,
    `${ttfbMs.toFixed(2)} ms`, `${Math.round(busy * 100)} %`, isRight(outcome) ? 'within' : busy > MOST_BUSY ? 'machine busy' : 'OUTSIDE',
  ];
}

function togetherRow(one: TruthCase, outcomes: readonly Outcome[]): string[] {
  const p95s = outcomes.map(({ quantiles }) => quantiles[1]?.measuredMs ?? Number.NaN);
  const [least, most] = [Math.min(...p95s), Math.max(...p95s)];
  // A held-back burst is as long as there are users to be held back: the models differ there by their nature.
  const sameLoad = one.behaviour.stall === undefined && one.behaviour.away === undefined;
  const cells = SUBJECTS.flatMap((subject) => {
    const outcome = outcomes.find((candidate) => candidate.subject === subject);
    return outcome === undefined ? [] : [`${(outcome.quantiles[1]?.measuredMs ?? Number.NaN).toFixed(2)} ms`];
  });
  const isBusy = outcomes.some(({ busy }) => busy > MOST_BUSY);
  const missing = Array.from({ length: outcomes.length < cells.length ? 0 : SUBJECTS.length - cells.length }, () => '');
  return [one.name, ...cells, ...missing, !sameLoad ? 'other load' : most <= least * (1 + APART) ? 'within' : isBusy ? 'machine busy' : 'OUTSIDE'];
}
