import { randomUUID } from 'node:crypto';
import type { ErrorKind } from '../../model/interval.ts';
import type { Chance, Variables } from '../../scenario/variables.ts';
import { faultOf } from '../answer.ts';
import { describeMissed, takeCaptures } from '../captures.ts';
import type { ReadAnswer } from './answer.ts';
import { keepCookies, type Cookies } from './cookies.ts';
import type { Pass, Step } from './program.ts';
import { redirected } from './redirected.ts';
import type { BuiltRequest } from './request-bytes.ts';

/** Decides what a connection sends next and whether what came back was a success. */
export interface VirtualUser {
  /** The request to send now; null when there is nothing more to do. */
  next(): { readonly step: Step; readonly bytes: Buffer } | null;
  /** The request to send in place of the last one, because its answer is a redirect within the target; else null. */
  redirected(answer: ReadAnswer): Buffer | null;
  /** Why the answer to the last request is no success, or null. `isCircle`: it is one redirect too many. */
  answered(answer: ReadAnswer, isCircle: boolean): ErrorKind | null;
  /** The last request got no answer. */
  lost(kind: ErrorKind): void;
}

/** Picks the next journey so that every weight is kept within one pick at any time (smooth weighted round robin). */
export function createPicker(passes: readonly Pass[]): () => Pass {
  const [first, ...others] = passes;
  if (first === undefined) throw new RangeError('a picker needs at least one journey');
  if (others.length === 0) return () => first;
  const total = passes.reduce((sum, { weight }) => sum + weight, 0);
  const credits = passes.map(() => 0);
  return () => {
    let best = 0;
    passes.forEach(({ weight }, at) => {
      credits[at] = (credits[at] ?? 0) + weight;
      if ((credits[at] ?? 0) > (credits[best] ?? 0)) best = at;
    });
    credits[best] = (credits[best] ?? 0) - total;
    return passes[best] ?? first;
  };
}

/** A user without think time that goes through journey after journey, with new variables and no cookies in each. */
export function createVirtualUser(pick: () => Pass, newVariables: () => Variables, chance: Chance, origin: string): VirtualUser {
  const state = { variables: newVariables(), cookies: null as Cookies | null };
  const sender = createSender(state, origin);
  let pass = pick();
  let current: Step | undefined;
  /** Position in set-up followed by steps; a new pass begins at -1. */
  let at = -1;
  let round = 0;

  const begin = (): void => {
    pass = pick();
    state.variables = newVariables();
    state.cookies = pass.keepsCookies ? new Map() : null;
    at = 0;
    round = 0;
  };
  const stepAt = (index: number): Step | undefined => pass.setUp[index] ?? pass.steps[index - pass.setUp.length];
  const advance = (): void => {
    at += 1;
    if (at < pass.setUp.length + pass.steps.length) return;
    round += 1;
    if (round >= pass.repeats) {
      at = -1;
      return;
    }
    at = pass.setUp.length;
    if (pass.refreshesVariables) state.variables = newVariables();
  };

  return {
    next() {
      if (at < 0) begin();
      current = stepAt(at);
      return current === undefined ? null : { step: current, bytes: sender.send(current) };
    },
    redirected: (answer) => sender.redirected(answer),
    answered(answer, isCircle) {
      if (current === undefined) return null;
      sender.keepCookies(answer);
      const missing = takeMeasured(current, answer, state.variables, chance);
      const fault = faultOf(answer, current.expect) ?? (missing ? 'capture' : null);
      // What follows would run without its value; a status alone does not end a journey, as in Artillery. A set-up that
      // failed, and a read whose set-up may have grown stale, begin anew.
      if (missing || isCircle || (fault !== null && pass.setUp.length > 0)) at = -1;
      else advance();
      return fault;
    },
    lost() {
      at = -1;
    },
  };
}

/** Goes once through the steps of `before`; `done` is told the variables they captured, or why that failed. */
export function createBeforeUser(steps: readonly Step[], variables: Variables, chance: Chance, origin: string, done: (fault: string | null) => void): VirtualUser {
  const sender = createSender({ variables, cookies: new Map() }, origin);
  let at = 0;
  let isOver = false;
  const end = (fault: string | null): void => {
    if (!isOver) done(fault);
    isOver = true;
  };
  return {
    next() {
      const step = isOver ? undefined : steps[at];
      if (step === undefined) {
        end(null);
        return null;
      }
      return { step, bytes: sender.send(step) };
    },
    redirected: (answer) => sender.redirected(answer),
    answered(answer) {
      const step = steps[at];
      if (step === undefined) return null;
      sender.keepCookies(answer);
      const missing = takeMeasured(step, answer, variables, chance);
      const fault = faultOf(answer, step.expect) ?? (missing ? 'capture' : null);
      if (fault !== null) end(`"${step.name}" was answered with status ${answer.status} (${fault})`);
      at += 1;
      return fault;
    },
    lost(kind) {
      end(`"${steps[at]?.name ?? ''}" got no answer (${kind})`);
    },
  };
}

/** Steps whose first answer without its value stands in the log. */
const noted = new Set<string>();

/** True when a capture found nothing. */
function takeMeasured(step: Step, answer: ReadAnswer, variables: Variables, chance: Chance): boolean {
  const missing = takeCaptures(step.captures, answer, variables, chance);
  if (missing !== null && !noted.has(step.name)) {
    noted.add(step.name);
    // The worker's stderr is the log of the engine.
    console.error(describeMissed(step.name, missing, answer));
  }
  return missing !== null;
}

/** What a user sends, and the cookies it keeps of the answers. */
function createSender(state: { readonly variables: Variables; readonly cookies: Cookies | null }, origin: string): {
  send(step: Step): Buffer;
  redirected(answer: ReadAnswer): Buffer | null;
  keepCookies(answer: ReadAnswer): void;
} {
  let last: BuiltRequest = { bytes: Buffer.alloc(0), path: '/' };
  const keep = (answer: ReadAnswer): void => {
    if (state.cookies !== null) keepCookies(state.cookies, answer.rawHeaders, last.path);
  };
  return {
    send(step) {
      last = step.build(state);
      return last.bytes;
    },
    redirected(answer) {
      keep(answer);
      const next = redirected(last.bytes, answer, origin, state.cookies);
      if (next === null) return null;
      last = next;
      return next.bytes;
    },
    keepCookies: keep,
  };
}

/** Makes the variables of each new pass: the source's, what `before` captured, those every user has; nothing where no template uses any. */
export function createNewVariables(source: () => Variables, shared: Variables, target: string, uses: ReadonlySet<string>): () => Variables {
  if (uses.size === 0) return () => ({});
  const own = uses.has('$uuid') ? () => ({ target, $uuid: randomUUID() }) : () => ({ target });
  return () => ({ ...own(), ...shared, ...source() });
}
