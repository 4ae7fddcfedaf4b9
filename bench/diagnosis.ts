/** How well bottlenecks are told: every recording of a labelled situation, judged again. */
import type { ProbeKind } from '../src/model/sample.ts';
import { recordings, type Recording } from './situations/recording.ts';
import { calibration, confusion, isRight, isTunedOn, isWrong, ofEach, share, type Scored, type Share } from './situations/score.ts';
import { namedFrom, reportOf, toldBy, toldWithout, type Told } from './situations/tell.ts';
import { situationOf } from '../src/diagnose/situation.ts';

interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Between the confidences a bottleneck can be named at; 1 is never stated. */
const CONFIDENCES = [0.7, 0.8, 0.9, 0.96, 1];

/** What somebody may have beside everything: nothing; one server's own probe; two; all but one. */
const VIEWS: readonly (readonly [string, (kind: ProbeKind) => boolean])[] = [
  ['no probe', () => true],
  ['all but the application’s', (kind) => kind === 'node'],
  ['the application’s alone', (kind) => kind !== 'node'],
  ['PostgreSQL alone', (kind) => kind !== 'postgres'],
  ['the host alone', (kind) => kind !== 'host'],
  ['the application’s and the host', (kind) => kind !== 'node' && kind !== 'host'],
  ['the application’s and PostgreSQL', (kind) => kind !== 'node' && kind !== 'postgres'],
  ['all but PostgreSQL', (kind) => kind === 'postgres'],
  ['all but Redis', (kind) => kind === 'redis'],
  ['all but Qdrant', (kind) => kind === 'qdrant'],
  ['all but the host', (kind) => kind === 'host'],
  ['all but the process', (kind) => kind === 'process'],
];

/** One of each kind that needs no more than one of the two cores, in about six minutes. */
const LIVE_SAMPLE = ['db-connections-from-the-start', 'db-lock-of-a-migration', 'cache-shrunk-mid-run', 'event-loop-blocked-from-one-moment-on', 'network-from-one-moment-on', 'queue-of-mentions', 'healthy-as-planned', 'healthy-short-locks'];

export async function tables(): Promise<Table[]> {
  const scored = await scoreAll(await recordings());
  return [halves(scored), matrix(scored), each(scored), confidences(scored), fewerProbes(scored), wrongOnes(scored)];
}

/** Of situations made now: those that are named, else a small sample. Nothing of it is kept. */
export async function liveTables(names: readonly string[]): Promise<Table[]> {
  const { recordLive } = await import('./situations/record.ts');
  const scored = await scoreAll(await recordLive(names.length > 0 ? names : LIVE_SAMPLE, (line) => console.error(line)));
  const rows = scored.map((one) => [one.name, one.label.join(', ') || 'healthy', namedIn(one), one.told.suspected.join(', '), one.secondsToName.map(({ seconds }) => seconds).join(', '), isRight(one) ? 'yes' : 'NO']);
  return [{ title: 'Diagnosis of situations made just now', head: ['situation', 'true', 'told', 'suspected', 'seconds to its name', 'right'], rows }];
}

async function scoreAll(all: readonly Recording[]): Promise<ScoredInViews[]> {
  const scored: ScoredInViews[] = [];
  for (const one of all) scored.push(await scoreOne(one));
  return scored;
}

interface ScoredInViews extends Scored {
  /** What is told with fewer probes, in the order of VIEWS. */
  readonly views: readonly Told[];
}

async function scoreOne({ name, label, run, onsetSecond }: Recording): Promise<ScoredInViews> {
  const report = await reportOf(run);
  const seen = situationOf(run);
  const told = toldBy(report.diagnosis);
  const began = Math.max(onsetSecond ?? 0, seen.judged[0]);
  const secondsToName = label.filter((id) => told.named.some((one) => one.id === id)).flatMap((id) => {
    const second = namedFrom(report, seen, id);
    return second === null ? [] : [{ id, seconds: Math.max(0, second - began) }];
  });
  return { name, label, told, secondsToName, views: VIEWS.map(([, hides]) => toldWithout(report, seen, hides)) };
}

function halves(scored: readonly Scored[]): Table {
  const rows = [['all', scored], ['figures chosen by these', scored.filter(({ name }) => isTunedOn(name))], ['not looked at', scored.filter(({ name }) => !isTunedOn(name))]] as const;
  return {
    title: `Diagnosis: ${scored.length} recordings, in halves by the hash of their names`,
    head: ['', 'with a bottleneck: told right', 'healthy: left alone', 'something wrong named', 'wrong at 0.9 or more'],
    rows: rows.map(([title, own]) => [
      title, say(share(own.filter(({ label }) => label.length > 0), isRight)), say(share(own.filter(({ label }) => label.length === 0), isRight)),
      say(share(own, isWrong)), String(own.filter(({ label, told }) => told.named.some(({ id, confidence }) => confidence >= 0.9 && !label.includes(id))).length),
    ]),
  };
}

function matrix(scored: readonly Scored[]): Table {
  const { labels, answers, counts } = confusion(scored);
  return { title: 'What is true (rows), what was told (columns)', head: ['', ...answers], rows: labels.map((label) => [label, ...answers.map((answer) => String(counts.get(`${label}|${answer}`) ?? ''))]) };
}

function each(scored: readonly Scored[]): Table {
  return {
    title: 'Each bottleneck', head: ['', 'named rightly of all named', 'named of all there are', 'seconds from its beginning to its name: median', 'longest'],
    rows: ofEach(scored).filter(({ precision, recall }) => precision.of + recall.of > 0).map(({ id, precision, recall, secondsToName }) => {
      const sorted = secondsToName.toSorted((a, b) => a - b);
      return [id, say(precision), say(recall), String(sorted[Math.floor((sorted.length - 1) / 2)] ?? ''), String(sorted.at(-1) ?? '')];
    }),
  };
}

/** With all probes and through fewer eyes: what was not looked at is what confidence is lost by. */
function confidences(scored: readonly ScoredInViews[]): Table {
  const [all, tunedOn, others] = [scored.map(inAllProbes), scored.filter(({ name }) => isTunedOn(name)), scored.filter(({ name }) => !isTunedOn(name))].map((own) => calibration(own, CONFIDENCES));
  return {
    title: 'Confidence, as stated and as it turned out', head: ['stated', 'right, with all probes', 'and with fewer: figures chosen by these', 'not looked at', 'as stated'],
    rows: (others ?? []).flatMap(({ stated, right }, index) => {
      const [whole, chosen] = [all?.[index], tunedOn?.[index]];
      if (whole === undefined || chosen === undefined || right.of + chosen.right.of === 0) return [];
      const is = stated ?? chosen.stated ?? 0;
      return [[is.toFixed(2), say(whole.right), say(chosen.right), say(right), right.of === 0 ? '' : is >= right.low && is <= right.high ? 'yes' : 'NO']];
    }),
  };
}

function inAllProbes(one: ScoredInViews): ScoredInViews {
  return { ...one, views: [] };
}

/** The same recordings through fewer eyes: less may be told, nothing wrong. */
function fewerProbes(scored: readonly ScoredInViews[]): Table {
  const rows = VIEWS.map(([title], view) => {
    const seen = scored.flatMap(({ label, views }) => (views[view] === undefined ? [] : [{ label, told: views[view] }]));
    const ill = seen.filter(({ label }) => label.length > 0);
    return [title, say(share(ill, isRight)), say(share(ill, ({ label, told }) => label.every((id) => told.suspected.includes(id)))), say(share(seen, isWrong))];
  });
  return { title: 'With fewer probes', head: ['', 'named', 'only suspected', 'something wrong named'], rows };
}

function wrongOnes(scored: readonly Scored[]): Table {
  return {
    title: 'Not told right', head: ['recording', 'true', 'told', 'suspected'],
    rows: scored.filter((one) => !isRight(one)).map((one) => [one.name, one.label.join(', ') || 'healthy', namedIn(one), one.told.suspected.join(', ')]),
  };
}

function namedIn({ told }: Scored): string {
  return told.named.map(({ id, confidence }) => `${id} ${confidence.toFixed(2)}`).join(', ') || told.outcome;
}

function say({ hits, of, low, high }: Share): string {
  return of === 0 ? '' : `${hits} of ${of} (${Math.round(100 * low)}–${Math.round(100 * high)} %)`;
}
