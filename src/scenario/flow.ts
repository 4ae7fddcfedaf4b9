import type { FlowStep } from '../model/scenario.ts';
import { nearest } from '../model/nearest.ts';
import { inWords, isMap } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { secondsOf } from './duration.ts';
import { METHODS, isMethod, readRequest } from './request.ts';

/** Steps that artillery has beyond ours, also those of its other engines. */
const BEYOND = ['function', 'parallel', 'head', 'options', 'emit', 'connect', 'send', 'wait', 'namespace', 'acknowledge'];
const KNOWN = [...METHODS, 'think', 'loop', 'log'];
/** What may stand beside the verb of a step. */
const BESIDE = ['count', 'over', 'whileTrue', 'loopValue', 'loopElement', 'jitter', 'limit'];

/** The steps of a flow, in order; a step that cannot be read is noted and left out. */
export function readFlow(flow: Cursor, of: string): readonly FlowStep[] {
  return flow.items(`flow of ${of}`).flatMap((item) => {
    const step = readStep(item, of);
    return step === null ? [] : [step];
  });
}

function readStep(item: Cursor, of: string): FlowStep | null {
  if (!isMap(item.value)) {
    item.fault(`a step of ${of}: expected a map like "get: {url: /}", got ${inWords(item.value)}`);
    return null;
  }
  const verbs = item.keys().filter((key) => !BESIDE.includes(key));
  const verb = verbs[0];
  if (verb === undefined || verbs.length > 1) {
    const message = verb === undefined ? 'says nothing to do' : `says several things to do (${verbs.join(', ')})`;
    item.fault(`a step of ${of} ${message}; expected one of ${KNOWN.join(', ')}`);
    return null;
  }
  return readVerb(item, verb, of);
}

function readVerb(item: Cursor, verb: string, of: string): FlowStep | null {
  const inside = item.at(verb);
  const place = inside.keyPlace;
  if (isMethod(verb)) return readRequest(inside, verb);
  if (verb === 'log') return { type: 'log', text: inside.text('log') ?? '', place };
  if (verb === 'think') {
    if (item.at('jitter').exists) item.at('jitter').beyond('"jitter" of think');
    return { type: 'think', seconds: readThink(inside), place };
  }
  if (verb === 'loop') return { type: 'loop', count: readCount(item), flow: readFlow(inside, of), place };
  if (BEYOND.includes(verb)) {
    inside.beyond(`"${verb}" as a step`);
    return null;
  }
  const meant = nearest(verb, [...KNOWN, ...BEYOND]);
  item.notes.faults.push({ place, message: `unknown step "${verb}"; ${meant === null ? `expected one of ${KNOWN.join(', ')}` : `did you mean "${meant}"?`}` });
  return null;
}

function readThink(think: Cursor): number {
  if (typeof think.value === 'string' && think.value.includes('{{')) {
    think.beyond('a think time from a variable');
    return 0;
  }
  const seconds = secondsOf(think.value);
  if (seconds === null || seconds < 0) {
    think.fault(`think: expected seconds (think: 2) or a time with its unit (think: 500ms), got ${inWords(think.value)}`);
    return 0;
  }
  // Artillery waits 0.5 ms for "0.5" and 1 ms for 0.5; nobody means that, and no other engine should copy it unasked.
  if (!Number.isInteger(Number(think.value)) && !Number.isNaN(Number(think.value))) {
    think.beyond(`think: ${String(think.value)}, which artillery reads as milliseconds (write ${Number(think.value) * 1000}ms)`);
  }
  return seconds;
}

function readCount(item: Cursor): number {
  for (const key of ['over', 'whileTrue', 'loopValue', 'loopElement']) {
    if (item.at(key).exists) item.at(key).beyond(`"${key}" of a loop`);
  }
  const count = item.at('count');
  const isOtherLoop = item.at('over').exists || item.at('whileTrue').exists;
  if (isOtherLoop) return 1;
  if (typeof count.value === 'string' && (count.value.includes('{{') || /^\d+-\d+$/.test(count.value))) {
    count.beyond(`a loop of ${count.value} rounds`);
    return 1;
  }
  const rounds = Number(count.value ?? Number.NaN);
  if (Number.isInteger(rounds) && rounds > 0) return rounds;
  // Artillery repeats a loop without a count for ever: its users would never end.
  (count.exists ? count : item).fault(`loop: expected a count of 1 or above, got ${inWords(count.value)}`);
  return 1;
}
