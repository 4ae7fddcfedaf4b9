/** What an engine reports beside what the server recorded of the same requests: the common part of the truth benches. */
import { cpus } from 'node:os';
import { startBehavingServer, type Behaviour, type SeenRequest } from '../test/engines/behaving-server.ts';
import type { Measured } from '../test/engines/autocannon/measure.ts';

/** Beyond this the figures tell how the machine shares its cores, not how well is measured. */
const MOST_BUSY = 0.5;
const ATTEMPTS = 3;

export interface TruthCase {
  readonly name: string;
  readonly behaviour: Behaviour;
}

/** One engine's way to put load on a server and give what it measured. */
export interface TruthSubject<Case extends TruthCase> {
  readonly title: string;
  readonly cases: readonly Case[];
  /** The project's own bound for p95: the larger of the two. */
  readonly allowedShare: number;
  readonly allowedMs: number;
  /** Puts the load on; `cpuMark` brackets the part that is compared. `all` counts every request, `compared` the figures. */
  readonly measure: (one: Case, url: string, cpuMark: () => void) => Promise<{
    readonly all: number;
    readonly compared: Pick<Measured, 'quantileMs'>;
    /** Which of the server's requests stand in the compared part. */
    readonly isCompared: (seen: SeenRequest) => boolean;
  }>;
}

interface TruthRow {
  readonly quantile: string;
  readonly serverMs: number;
  readonly measuredMs: number;
  readonly cpuBusy: number;
  readonly miscounted: number;
}

export async function truthTable<Case extends TruthCase>(subject: TruthSubject<Case>): Promise<{ title: string; head: string[]; rows: string[][] }> {
  const rows: string[][] = [];
  for (const one of subject.cases) rows.push(...(await compareQuietly(subject, one)).map((row) => tableRow(subject, one, row)));
  return {
    title: subject.title,
    head: ['behaviour', 'quantile', 'server ms', 'measured ms', 'off by', 'miscounted', 'CPUs busy', `p95 within max(${subject.allowedShare * 100} %, ${subject.allowedMs} ms)`],
    rows,
  };
}

function tableRow({ allowedShare, allowedMs }: { readonly allowedShare: number; readonly allowedMs: number }, { name }: TruthCase, { quantile, serverMs, measuredMs, cpuBusy, miscounted }: TruthRow): string[] {
  const off = measuredMs - serverMs;
  const isWithin = Math.abs(off) <= Math.max(allowedMs, allowedShare * serverMs);
  return [
    name, quantile, serverMs.toFixed(2), measuredMs.toFixed(2), `${off.toFixed(2)} ms, ${((off / serverMs) * 100).toFixed(2)} %`,
    String(miscounted), `${Math.round(cpuBusy * 100)} %`, quantile === 'p95' ? (isWithin ? 'within' : 'OUTSIDE') : '',
  ];
}

/** Tries again while the machine is busy with something else; gives the quietest attempt. */
async function compareQuietly<Case extends TruthCase>(subject: TruthSubject<Case>, one: Case): Promise<TruthRow[]> {
  let best: TruthRow[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const rows = await compare(subject, one);
    if (best.length === 0 || (rows[0]?.cpuBusy ?? 1) < (best[0]?.cpuBusy ?? 1)) best = rows;
    if ((best[0]?.cpuBusy ?? 1) <= MOST_BUSY) break;
  }
  return best;
}

async function compare<Case extends TruthCase>(subject: TruthSubject<Case>, one: Case): Promise<TruthRow[]> {
  await using server = await startBehavingServer(one.behaviour);
  const marks: { idle: number; all: number }[] = [];
  const { all, compared, isCompared } = await subject.measure(one, server.url, () => marks.push(cpuTimes()));
  const [before, after] = [marks[0] ?? cpuTimes(), marks[1] ?? cpuTimes()];
  const record = await server.record();
  const served = record.filter(isCompared).flatMap(({ servedUs }) => (servedUs === null ? [] : [servedUs / 1000])).sort((a, b) => a - b);
  return [0.5, 0.95, 0.99].map((q) => ({
    quantile: `p${q * 100}`,
    serverMs: served[Math.ceil(q * served.length) - 1] ?? Number.NaN,
    measuredMs: compared.quantileMs(q),
    cpuBusy: 1 - (after.idle - before.idle) / (after.all - before.all),
    miscounted: all - record.length,
  }));
}

function cpuTimes(): { idle: number; all: number } {
  let [idle, all] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    all += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, all };
}
