/** What each engine reports beside what the server recorded of the same requests: chosen pieces are measured, all that are known shown. */
import { daysOf, isPart, keepResults, readResults } from './results.ts';
import type { Table } from './table.ts';
import { CASES, type TruthCase } from './truth-cases.ts';
import { compareQuietly, isRight, keyOf, MOST_BUSY, type Outcome } from './truth-outcome.ts';
import { SUBJECTS, type Subject } from './truth-subjects.ts';

/** How far the p95 of the engines may lie apart where they send the same load. */
const APART = 0.05;
const ENGINES = SUBJECTS.filter(({ isFloor }) => isFloor !== true);

/** Each piece is a part of the name of an engine or of a case: `k6 gzip` measures both models of k6 with that server. */
export async function tables(pieces: readonly string[]): Promise<readonly Table[]> {
  const subjects = chosen(SUBJECTS, pieces);
  const cases = chosen(CASES, pieces);
  const unknown = pieces.filter((piece) => ![...SUBJECTS, ...CASES].some(({ name }) => isPart(piece, name)));
  if (unknown.length > 0) throw new Error(`no engine and no case is called ${unknown.join(' or ')}`);
  let kept = await readResults<Outcome>('truth');
  for (const subject of subjects) {
    const check = await subject.engine.check();
    if (!check.usable) console.error(`${subject.name}: ${check.reason}`);
    for (const one of cases) {
      if (!check.usable || isLeftOut(one, subject)) continue;
      try {
        const outcome = await compareQuietly(one, subject);
        kept = await keepResults('truth', [outcome]);
        console.error(cellsOf(one, subject, outcome).join(' | '));
      } catch (error) {
        // One that fails does not take the others' figures along; its row says what was found before, or is missing.
        console.error(`${keyOf(one, subject)}: ${String(error)}`);
        process.exitCode = 1;
      }
    }
  }
  return tablesOf(kept);
}

function isLeftOut({ without, withFloor }: TruthCase, { name, isFloor }: Subject): boolean {
  return isFloor === true ? withFloor !== true : without?.includes(name) === true;
}

/** Without a piece that names one of these, all. */
function chosen<T extends { readonly name: string }>(all: readonly T[], pieces: readonly string[]): readonly T[] {
  const named = all.filter(({ name }) => pieces.some((piece) => isPart(piece, name)));
  return named.length === 0 ? all : named;
}

function tablesOf(outcomes: readonly Outcome[]): readonly Table[] {
  const outcomeOf = (one: TruthCase, subject: Subject): Outcome | undefined => outcomes.find(({ key }) => key === keyOf(one, subject));
  return [
    {
      title: `Latency beside the server’s own record${daysOf(outcomes)}`,
      head: ['server', 'engine', 'requests', 'miscounted', 'errors', 'p50 ms: server, measured', 'p95', 'p99', 'largest deviation', 'first byte p95', 'CPUs busy', ''],
      rows: CASES.flatMap((one) => SUBJECTS.flatMap((subject) => {
        const outcome = outcomeOf(one, subject);
        return outcome === undefined ? [] : [cellsOf(one, subject, outcome)];
      })),
    },
    {
      title: 'p95 of the engines beside each other',
      head: ['server', ...ENGINES.map(({ name }) => name), `within ${APART * 100} %`],
      rows: CASES.map((one) => togetherRow(one, ENGINES.map((subject) => outcomeOf(one, subject)))),
    },
  ];
}

function cellsOf(one: TruthCase, subject: Subject, outcome: Outcome): string[] {
  const { busy, requests, miscounted, wrongErrors, quantiles, ttfbMs } = outcome;
  return [
    one.name, subject.name, String(requests), String(miscounted), wrongErrors === '' ? 'right' : wrongErrors,
    ...quantiles.map(({ serverMs, measuredMs }) => `${serverMs.toFixed(2)}, ${measuredMs.toFixed(2)}`),
    `${Math.max(...quantiles.map(({ serverMs, measuredMs }) => Math.abs(measuredMs - serverMs))).toFixed(2)} ms`,
    `${ttfbMs.toFixed(2)} ms`, `${Math.round(busy * 100)} %`, subject.isFloor === true ? '(no engine)' : isRight(outcome, subject) ? 'within' : busy > MOST_BUSY ? 'machine busy' : 'OUTSIDE',
  ];
}

function togetherRow(one: TruthCase, outcomes: readonly (Outcome | undefined)[]): string[] {
  const p95s = outcomes.map((outcome) => outcome?.quantiles[1]?.measuredMs);
  const known = p95s.filter((p95) => p95 !== undefined);
  // A held-back burst is as long as there are users to be held back: the models differ there by their nature.
  const isSameLoad = one.behaviour.stall === undefined && one.behaviour.away === undefined;
  const isBusy = outcomes.some((outcome) => outcome !== undefined && outcome.busy > MOST_BUSY);
  const isTogether = Math.max(...known) <= Math.min(...known) * (1 + APART);
  return [
    one.name, ...p95s.map((p95) => (p95 === undefined ? '' : `${p95.toFixed(2)} ms`)),
    known.length < 2 ? '' : !isSameLoad ? 'other load' : isTogether ? 'within' : isBusy ? 'machine busy' : 'OUTSIDE',
  ];
}
