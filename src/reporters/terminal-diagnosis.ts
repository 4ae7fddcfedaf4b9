import type { TellAssumptions } from './assumptions.ts';
import { causeHeadOf, NOTHING_JUDGED } from './headline.ts';
import { BOTTLENECK_TITLES } from '../model/bottleneck.ts';
import type { DiagnosedBottleneck, Diagnosis, Report } from '../model/report.ts';
import { widthOf, wrap, wrapItems } from './layout.ts';
import type { RenderOptions } from './reporter.ts';
import { sayAddress, sayMetric, sayNumber, sayObserved, sayRange, sayVerdictLimit, sayWeeks } from './words.ts';

/** Triggers, alerts and symptoms that fired; the quiet ones are in the page. */
export function signLines({ verdicts }: Report, { chalk, columns }: RenderOptions, tell: TellAssumptions): string[] {
  const fired = verdicts.filter(({ condition, status }) => condition.kind !== 'threshold' && status === 'fired');
  if (fired.length === 0) return [];
  return ['', chalk.bold('Signs that fired'), ...fired.flatMap((sign) => {
    const { kind } = sign.condition;
    return [
      ...wrap(`${sayMetric(sign.condition)} ${sayObserved(sign)}, fires at ${sayVerdictLimit(sign)} (${sayAddress(sign)})`, columns, `  ${kind.padEnd(9)} `),
      ...tell(sign.condition.assumes).flatMap((text) => wrap(text, columns, ' '.repeat(12))).map((line) => chalk.dim(line)),
    ];
  })];
}

export function diagnosisLines(report: Report, options: RenderOptions): string[] {
  const { diagnosis, run } = report;
  if (run.interrupted && report.steps.length === 0) return [''];
  const sentence = outcomeSentence(report);
  const harm = harmBeside(report);
  return [
    '',
    ...(sentence ? wrap(sentence, options.columns, '').map((line) => options.chalk.bold(line)) : []),
    ...labelled('harm', harm, options.columns),
    ...diagnosis.bottlenecks.flatMap((one, at) => bottleneckLines(one, counterSigns(diagnosis.bottlenecks, at), options)),
    ...observationLines(diagnosis, options),
    ...unknownLines(diagnosis, options),
  ];
}

/** More would push what is known off the screen; the page and the JSON have them all. */
const MOST_OBSERVATIONS = 3;

/** Where no cause is known, what the client alone can say; beside a cause that is, the page has it. */
function observationLines({ outcome, observations }: Diagnosis, { columns }: RenderOptions): string[] {
  return outcome === 'bottleneck' ? [] : labelled('seen', observations.slice(0, MOST_OBSERVATIONS).map(({ text }) => text), columns);
}

/**
 * How users are harmed, beside the thresholds that failed: these stand with their figures in a table already. With a cause nothing more is
 * to be said where one failed; where none did, nobody would see why the run fails.
 */
export function harmBeside({ diagnosis, verdicts }: Report): string[] {
  const failed = verdicts.filter(({ condition, status }) => condition.kind === 'threshold' && condition.required && status === 'fail').map(({ reason }) => `failed: ${reason}`);
  if (diagnosis.outcome === 'bottleneck' && failed.length > 0) return [];
  const fresh = diagnosis.harm.filter(({ text }) => !failed.some((reason) => text.endsWith(reason))).map(({ text }) => text);
  const told = diagnosis.harm.length - fresh.length;
  return [...(told === 0 ? [] : [`${told} ${told === 1 ? 'threshold' : 'thresholds'} failed, as above`]), ...fresh];
}

/** What the diagnosis comes to where it names nothing; empty where a bottleneck speaks for itself. */
export function outcomeSentence({ diagnosis, plan }: Report): string {
  const sentences: Readonly<Record<Diagnosis['outcome'], string>> = {
    bottleneck: '',
    none: plan.milestones.length > 0 ? 'No milestone hit.' : 'No bottleneck found.',
    undetermined: 'Users are harmed, and the evidence does not single out one cause.',
    'not-enough-evidence': diagnosis.harm.length > 0 ? 'Users are harmed, and the evidence does not suffice to name the cause.' : NOTHING_JUDGED,
    generator: 'The load generator was the limit: nothing can be said about the target.',
  };
  return sentences[diagnosis.outcome];
}

/** What speaks against a cause and its look-alikes; what an earlier cause was told of already is not told again. */
export function counterSigns(causes: readonly DiagnosedBottleneck[], at: number): string[] {
  const own = (causes[at]?.evidence ?? []).filter((sign) => !sign.for).map(({ text }) => text);
  const told = new Set(causes.slice(0, at).flatMap(({ evidence }) => evidence.filter((sign) => !sign.for).map(({ text }) => text)));
  const fresh = own.filter((text) => !told.has(text));
  return fresh.length < own.length ? [...fresh, 'its other look-alikes: as above'] : fresh;
}

function bottleneckLines(one: DiagnosedBottleneck, against: readonly string[], { chalk, columns }: RenderOptions): string[] {
  const head = `${causeHeadOf(one)}${one.milestone ? ` (expected at ${sayNumber(one.milestone.users)} users${earlyOf(one)})` : ''}`;
  const confidence = `confidence ${one.confidence.toFixed(2)}`;
  const isRoomy = widthOf(head) + 3 + widthOf(confidence) <= columns;
  return [
    ...wrap(isRoomy ? head : `${head}, ${confidence}`, columns, '').map((line) => `${one.status === 'hit' ? chalk.red.bold(line) : chalk.yellow(line)}${isRoomy ? `   ${confidence}` : ''}`),
    ...labelled('for', one.evidence.filter((sign) => sign.for).map(({ text }) => text), columns),
    ...labelled('against', against, columns),
    ...labelled('remedy', [remedyOf(one)], columns),
  ];
}

/** How much earlier than the plan expects it; a load above the plan's figure says nothing about when it began. */
export function earlyOf({ milestone, status }: DiagnosedBottleneck): string {
  if (milestone === null || status !== 'hit' || milestone.usersEarly <= 0) return '';
  return `, hit at ${sayNumber(milestone.hitAtUsers)}: ${sayNumber(milestone.usersEarly)} users early`;
}

/** What to do, until when, how long it takes, what it costs. */
export function remedyOf({ remedy, milestone }: DiagnosedBottleneck): string {
  if (!milestone) return remedy;
  const due = milestone.prepareByUsers === null ? '' : `, due by ${sayNumber(milestone.prepareByUsers)} users`;
  const lead = milestone.leadTimeWeeks ? `, ${sayWeeks(milestone.leadTimeWeeks)}` : '';
  const cost = milestone.costMonthlyUsd ? `, $${sayRange(milestone.costMonthlyUsd)} a month` : '';
  return `${remedy}${due}${lead}${cost}`;
}

/** More would push what is known off the screen; the page and the JSON have them all. */
const MOST_UNKNOWN = 4;

function unknownLines({ unknown }: Diagnosis, { columns, chalk }: RenderOptions): string[] {
  const named = unknown.slice(0, MOST_UNKNOWN).flatMap(({ id, missing }) => wrap(`${BOTTLENECK_TITLES[id]}: needs ${missing}`, columns, '  not judged  '));
  const more = unknown.slice(MOST_UNKNOWN).map(({ id }) => BOTTLENECK_TITLES[id]);
  return [...named, ...(more.length > 0 ? wrap(`nor, for want of their probes: ${more.join(', ')}`, columns, '  not judged  ') : [])].map((line) => chalk.dim(line));
}

/** The next milestone ahead. */
export function outlookLines(report: Report, { chalk, columns }: RenderOptions): string[] {
  const next = nextOf(report);
  const unknown = report.outlook.unknown;
  return [
    ...(next === null ? [] : wrap(next, columns, `${chalk.bold('Next:')} `)),
    ...(unknown === undefined ? [] : wrap(`not predicted: ${unknown}`, columns, 'Capacity: ').map((line) => chalk.dim(line))),
  ];
}

/** `database connections at about 2,300 users (2,050–2,600), prepare by 1,900`; null where nothing is ahead. */
export function nextOf({ outlook, plan }: Report): string | null {
  const [next] = outlook.next;
  if (!next) return null;
  const title = next.bottleneck ? BOTTLENECK_TITLES[next.bottleneck] : (plan.milestones.find(({ id }) => id === next.milestone)?.title ?? next.milestone);
  const { low, mid, high } = next.users;
  const users = next.basis !== 'plan' ? `about ${sayAbout(mid)} users${low < high ? ` (${sayAbout(low)}–${sayAbout(high)})` : ''}` : `${sayNumber(mid)} users`;
  const by = next.prepareByUsers === null ? '' : `, prepare by ${sayNumber(next.prepareByUsers)}`;
  const cost = next.costMonthlyUsd ? `, $${sayRange(next.costMonthlyUsd)} a month` : '';
  const basis = next.basis === 'plan' ? ' (the plan’s own figure, not measured)' : next.planUsers === undefined ? '' : `; the plan says ${sayNumber(next.planUsers)}`;
  return `${title} at ${users}${by}${cost}${basis}`;
}

/** Three digits: more of an estimate would look surer than it is. */
function sayAbout(users: number): string {
  return sayNumber(Number(users.toPrecision(3)));
}

function labelled(label: string, items: readonly string[], columns: number): string[] {
  return items.length === 0 ? [] : wrapItems(items, columns, `  ${label.padEnd(9)} `);
}
