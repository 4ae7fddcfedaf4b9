/**
 * `npm run bench -- stress [demo…] [--times N] [--engine NAME]`: the reference application with each of its main bottlenecks searched by the program itself,
 * N times. One repeat takes up to six minutes of a quiet machine, so each can be made by itself; the newest five of a demonstration stand in
 * the table.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { flagOf } from './flags.ts';
import { daysOf, keepResults, readResults, today, type Result } from './results.ts';
import { median, type Table } from './table.ts';

const PROGRAM = join(import.meta.dirname, '../bin/scaleplan.js');
/** Each with the bottleneck that has to be named as its cause. */
const DEMOS = ['db-connections', 'qdrant', 'cache', 'node-cpu'] as const;
const NEWEST = 5;
/** The demonstrations break at this rate or more. */
const LEAST_EDGE = 60;
const MOST_SECONDS = 360;
/** Repeats lie this near to their median. */
const NEAR = 0.1;

interface Estimate {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

/** What one search came to. */
interface StressResult extends Result {
  readonly demo: string;
  readonly turn: number;
  /** Left out: artillery. */
  readonly engine?: string;
  readonly end: string;
  readonly edge: Estimate | null;
  readonly confirmed: number | null;
  readonly users: Estimate | null;
  readonly seconds: number;
  readonly stages: number;
  readonly cause: string;
  readonly confidence: number;
  readonly recoverySeconds: number | null;
  readonly consistency: number | null;
  readonly r2: number | null;
  readonly peak: number | null;
  readonly behind: string;
  readonly exitCode: number;
  /** What else ran before it began. */
  readonly loadBefore: number;
}

export async function tables(pieces: readonly string[]): Promise<readonly Table[]> {
  const times = Math.max(1, Number(flagOf('--times', pieces)) || 1);
  const engine = flagOf('--engine', pieces) ?? 'artillery';
  const named = DEMOS.filter((demo) => pieces.includes(demo));
  let results = await readResults<StressResult>('stress');
  for (let time = 0; time < times; time += 1) {
    for (const demo of named.length === 0 ? DEMOS : named) {
      console.log(`${demo} …`);
      const turn = 1 + Math.max(0, ...results.filter((one) => one.demo === demo).map((one) => one.turn));
      const found = await searchOnce(demo, turn, engine);
      console.log(`${demo} ${turn}: ${sayRow(found).join(' | ')}`);
      results = await keepResults('stress', [found]);
    }
  }
  return tablesOf(newest(results));
}

/** A slot for each of the newest: a further repeat takes the place of the oldest. */
async function searchOnce(demo: string, turn: number, engine: string): Promise<StressResult> {
  const folder = mkdtempSync(join(tmpdir(), 'scaleplan-bench-'));
  const [loadBefore, begin] = [loadavg()[0] ?? 0, performance.now()];
  try {
    const child = spawn(process.execPath, [PROGRAM, 'stress', '--plan', 'ventures', '--phase', '2', '--demo', demo, '--engine', engine, '--json', '--quiet', '--reporter', 'json'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => { out += chunk; });
    const [code] = (await once(child, 'close')) as [number | null]; // as ChildProcess documents it
    if (out.trim() === '') throw new Error(`the search of ${demo} ended with ${String(code)} and without a report`);
    const seconds = (performance.now() - begin) / 1000;
    return { key: `${demo} ${turn % NEWEST}`, day: today(), demo, turn, engine, seconds, loadBefore, ...read(JSON.parse(out) as Printed) }; // as --json prints it
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Printed {
  readonly exitCode: number;
  readonly stress: {
    readonly end: string; readonly edge: Estimate | null; readonly confirmedLoad: number | null; readonly stages: readonly unknown[];
    readonly recovery: { readonly seconds: number | null } | null; readonly model: { readonly r2: number; readonly peakPerSec: number | null } | null;
    readonly behind: { readonly known: true; readonly bottleneck: string; readonly ratePerSec: Estimate } | { readonly known: false } | null;
  };
  readonly outlook: { readonly capacity: { readonly users: Estimate } | null };
  readonly diagnosis: { readonly bottlenecks: readonly { readonly id: string; readonly status: string; readonly confidence: number }[] };
  readonly verdicts: readonly { readonly condition: { readonly metric?: string }; readonly observed: number | null }[];
}

function read({ exitCode, stress, outlook, diagnosis, verdicts }: Printed): Omit<StressResult, 'key' | 'day' | 'demo' | 'turn' | 'engine' | 'seconds' | 'loadBefore'> {
  const hits = diagnosis.bottlenecks.filter(({ status }) => status === 'hit');
  const { behind } = stress;
  return {
    end: stress.end, edge: stress.edge, confirmed: stress.confirmedLoad, users: outlook.capacity?.users ?? null, stages: stress.stages.length, exitCode,
    cause: hits.map(({ id }) => id).join(' + ') || 'none', confidence: hits[0]?.confidence ?? 0,
    recoverySeconds: stress.recovery?.seconds ?? null, r2: stress.model?.r2 ?? null, peak: stress.model?.peakPerSec ?? null,
    consistency: verdicts.find(({ condition }) => condition.metric === 'service.data_consistency')?.observed ?? null,
    behind: behind?.known === true ? `${behind.bottleneck} at ${say(behind.ratePerSec.mid)}/s` : 'not known',
  };
}

function newest(results: readonly StressResult[]): StressResult[] {
  return DEMOS.flatMap((demo) => results.filter((one) => one.demo === demo).toSorted((a, b) => a.turn - b.turn).slice(-NEWEST));
}

function tablesOf(results: readonly StressResult[]): Table[] {
  return [
    {
      title: `Breaking points of the reference application${daysOf(results)}`,
      head: ['', 'searches', 'edge, /s: median', 'farthest from it', 'its median in their intervals', 'confirmed', 'longest', 'cause named alone', 'recovery: median, longest', 'writes there exactly once', ''],
      rows: DEMOS.flatMap((demo) => summaryOf(demo, results.filter((one) => one.demo === demo))),
    },
    {
      title: 'Each search',
      head: ['', 'engine', 'load average before', 'edge, /s', 'confirmed, /s', 'users', 'stages', 'time', 'cause', 'recovery', 'writes there exactly once', 'scalability law', 'behind it'],
      rows: results.map((one) => [`${one.demo} ${one.turn}`, one.engine ?? 'artillery', one.loadBefore.toFixed(1), ...sayRow(one)]),
    },
  ];
}

function summaryOf(demo: string, results: readonly StressResult[]): string[][] {
  if (results.length === 0) return [];
  const edges = results.flatMap(({ edge }) => (edge === null ? [] : [edge]));
  const middle = median(edges.map(({ mid }) => mid));
  const farthest = Math.max(...edges.map(({ mid }) => Math.abs(mid / middle - 1)));
  const recoveries = results.flatMap(({ recoverySeconds }) => recoverySeconds ?? []);
  const count = (isMeant: (one: StressResult) => boolean): number => results.filter(isMeant).length;
  const of = (good: number): string => `${good} of ${results.length}`;
  const least = Math.min(...results.map(({ consistency }) => consistency ?? Number.NaN));
  const longest = Math.max(...results.map(({ seconds }) => seconds));
  const isWithin = edges.length === results.length && farthest <= NEAR && middle >= LEAST_EDGE && longest <= MOST_SECONDS;
  return [[
    demo, String(results.length), say(middle), `${(100 * farthest).toFixed(1)} %`, of(count(({ edge }) => edge !== null && edge.low <= middle && middle <= edge.high)),
    of(count(({ confirmed }) => confirmed !== null)), `${Math.round(longest)} s`, of(count(({ cause }) => cause === demo)),
    recoveries.length === 0 ? 'not seen' : `${median(recoveries)} s, ${Math.max(...recoveries)} s`, Number.isNaN(least) ? 'not measured' : `${least} %`, isWithin ? 'within' : 'OUTSIDE',
  ]];
}

function sayRow({ end, edge, confirmed, users, stages, seconds, cause, confidence, recoverySeconds, consistency, r2, peak, behind }: StressResult): string[] {
  return [
    edge === null ? end : `${say(edge.mid)} (${say(edge.low)}–${say(edge.high)})`, confirmed === null ? '–' : say(confirmed), users === null ? '–' : `${users.mid} (${users.low}–${users.high})`,
    String(stages), `${Math.round(seconds)} s`, cause === 'none' ? cause : `${cause} ${confidence.toFixed(2)}`, recoverySeconds === null ? 'not seen' : `${recoverySeconds} s`,
    consistency === null ? 'not measured' : `${consistency} %`, r2 === null ? '–' : `R² ${r2.toFixed(2)}${peak === null ? ', no peak' : `, at most ${say(peak)}/s`}`, behind,
  ];
}

function say(value: number): string {
  return String(Number(value.toPrecision(3)));
}
