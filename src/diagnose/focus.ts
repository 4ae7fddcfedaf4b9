import type { Finding, Rule, Situation } from './rule.ts';
import { confidenceOf, NAMED_FROM } from './score.ts';
import { countOf, type Window } from './window.ts';

/** What a rule found, and in which seconds. */
export interface Look {
  readonly rule: Rule;
  readonly finding: Finding;
  readonly confidence: number;
  readonly window: Window;
  /** The parts of it in which it was named by itself; of one that was looked at as a whole, that. */
  readonly parts: readonly Window[];
}

/** Ten readings: a sign that has to stand in half of them is seen five seconds after it began, and a blip of three is not. */
const FOCUS_SECONDS = 10;
const STRIDE_SECONDS = 2;
/** So many parts are looked at: every ten seconds of an hour; of a day every four minutes, or its diagnosis would take an hour itself. */
const MOST_PARTS = 1800;

/** What is read every 15 s, as Prometheus scrapes, has no level within ten; so many readings make one. */
const SELDOM_SECONDS = 3;
const FEWEST_IN_FOCUS = 5;

/**
 * Looks at the judged part as a whole, and where nothing is named there at every ten seconds of it: what begins late, or comes and
 * goes, must not drown in the calm before it. The longest stretch in which it is named is then judged again as one; of several the
 * longest that harmed somebody.
 */
export function lookAt(rule: Rule, situation: Situation, isHarmed: (window: Window) => boolean): Look {
  const whole = lookIn(rule, situation, situation.judged);
  const [from, to] = situation.judged;
  // The generator is judged on all of the run, as its schedule is.
  if (whole.confidence >= NAMED_FROM || rule.id === 'generator') return whole;
  const named: Look[] = [];
  const apart = secondsApart(rule, situation);
  const least = apart < SELDOM_SECONDS ? FOCUS_SECONDS : Math.max(FOCUS_SECONDS, Math.ceil(FEWEST_IN_FOCUS * apart));
  const stride = Math.max(Math.ceil((least * STRIDE_SECONDS) / FOCUS_SECONDS), Math.ceil((to - from) / MOST_PARTS));
  const focus = Math.max(least, (stride * FOCUS_SECONDS) / STRIDE_SECONDS);
  if (to - from < focus + stride) return whole;
  // From the end backwards: whoever looks while the load still runs sees the newest ten seconds.
  for (let end = to; end - focus >= from; end -= stride) {
    const look = lookIn(rule, situation, [end - focus, end]);
    if (look.confidence >= NAMED_FROM) named.unshift(look);
  }
  return named.length === 0 ? whole : longestEpisode(rule, situation, named, isHarmed);
}

/** Between two readings of what the rule is told most often; 1 where nothing is read. */
function secondsApart({ metrics }: Rule, { series, judged: [from, to] }: Situation): number {
  const counts = metrics.map((metric) => countOf(series(metric), [from, to], () => true)).filter((count) => count > 0);
  return counts.length === 0 ? 1 : (to - from) / Math.max(...counts);
}

/** Two that share half of the shorter one's seconds are looked at in the seconds of both. */
const SHARED_SHARE = 0.5;

/**
 * While one bottleneck sets in, its first seconds can look like another: a loop that is late before its process has computed for
 * long. Where two are named for much the same seconds, and only one of them in the middle of these, the other was that.
 */
export function withoutTransients(looks: readonly Look[], situation: Situation): Look[] {
  const named = looks.filter(({ confidence }) => confidence >= NAMED_FROM);
  return looks.map((look) => {
    // What is named for all of the run is no transient.
    if (look.confidence < NAMED_FROM || length(look.window) >= length(situation.judged)) return look;
    const rival = named.find((other) => other !== look && overlap(look.window, other.window) >= SHARED_SHARE * Math.min(length(look.window), length(other.window)) && outlasts(other, look, situation));
    return rival === undefined ? look : lookIn(look.rule, situation, middleOf(look.window, rival.window));
  });
}

function outlasts(one: Look, other: Look, situation: Situation): boolean {
  const window = middleOf(one.window, other.window);
  const short = lookIn(other.rule, situation, window);
  return lookIn(one.rule, situation, window).confidence >= NAMED_FROM && short.finding.status === 'judged' && short.confidence < NAMED_FROM;
}

/** The middle half of the seconds of both, away from where it sets in and ends. */
function middleOf(a: Window, b: Window): Window {
  const [from, to] = [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
  const edge = Math.min((to - from) / 4, Math.max(0, (to - from - FOCUS_SECONDS) / 2));
  return [Math.round(from + edge), Math.round(to - edge)];
}

function overlap(a: Window, b: Window): number {
  return Math.max(0, Math.min(a[1], b[1]) - Math.max(a[0], b[0]));
}

function length([from, to]: Window): number {
  return to - from;
}

function lookIn(rule: Rule, situation: Situation, window: Window): Look {
  const finding = rule.evaluate({ ...situation, judged: window });
  return { rule, finding, confidence: confidenceOf(finding, isSteady(rule, situation, window, finding)), window, parts: [window] };
}

/** Whether it is found in each half of the time since it began, as if the other had not been seen: what holds twice is no chance of a few readings. */
function isSteady(rule: Rule, situation: Situation, [from, to]: Window, finding: Finding): boolean {
  if (confidenceOf(finding) < NAMED_FROM || finding.status !== 'judged') return false;
  const began = Math.max(from, finding.onset?.second ?? from);
  const middle = Math.round((began + to) / 2);
  return [[began, middle] as const, [middle, to] as const].every((judged) => confidenceOf(rule.evaluate({ ...situation, judged })) >= NAMED_FROM);
}

function longestEpisode(rule: Rule, situation: Situation, named: readonly Look[], isHarmed: (window: Window) => boolean): Look {
  const episodes: Look[][] = [];
  for (const look of named) {
    const last = episodes.at(-1);
    if (last !== undefined && look.window[0] <= (last.at(-1)?.window[1] ?? 0)) last.push(look);
    else episodes.push([look]);
  }
  const spanOf = (episode: readonly Look[]): Window => [episode[0]?.window[0] ?? 0, episode.at(-1)?.window[1] ?? 0];
  const lengthOf = (episode: readonly Look[]): number => spanOf(episode)[1] - spanOf(episode)[0];
  const harmful = episodes.filter((episode) => [spanOf(episode), ...episode.map(({ window }) => window)].some(isHarmed));
  const longest = (harmful.length > 0 ? harmful : episodes).reduce((most, episode) => (lengthOf(episode) > lengthOf(most) ? episode : most));
  const together = lookIn(rule, situation, spanOf(longest));
  if (together.confidence >= NAMED_FROM) return { ...together, parts: longest.map(({ window }) => window) };
  return longest.reduce((best, look) => (look.confidence > best.confidence ? look : best));
}
