import { ScaleplanError } from '../../errors.ts';
import type { Interval } from '../../model/interval.ts';
import type { Child } from '../../process/child.ts';
import type { EngineLoad } from '../engine.ts';
import { packInterval } from '../pack.ts';
import { failureOf, unexpectedEnd } from './failure.ts';
import { keepFindings } from './findings.ts';
import { PROTOCOL, readMessage, type K6Message } from './protocol.ts';

export interface Patience {
  readonly silenceMs: number;
  /** Until the first second is over. */
  readonly firstMs: number;
  readonly isStopped: () => boolean;
}

/** Every second once, in order, until the extension says that it is done; anything else is a failure of the generator. */
export async function* readSeconds(child: Child, load: EngineLoad, { silenceMs, firstMs, isStopped }: Patience): AsyncGenerator<Interval, void, void> {
  const lines = child.lines[Symbol.asyncIterator]();
  let hasGreeted = false;
  for (let second = 0; ; ) {
    const patienceMs = second === 0 ? firstMs : silenceMs;
    const result = await within(lines.next(), patienceMs);
    if (result === 'late') throw failureOf(`it has said nothing for ${patienceMs / 1000} s`, child);
    if (result.done === true) throw await unexpectedEnd(child, load, hasGreeted);
    const message = readMessage(result.value);
    if (message === null) throw failureOf(`it said something that is no interval: ${result.value.slice(0, 200)}`, child);
    if (message.type === 'hello') {
      hasGreeted = true;
      if (message.protocol !== PROTOCOL) throw otherProtocol(message.protocol);
    } else if (message.type === 'failed') {
      throw failureOf(message.reason, child);
    } else if (message.type === 'end') {
      await conclude(message, load, second, isStopped(), child);
      return;
    } else {
      if (message.interval.second !== second) throw failureOf(`second ${message.interval.second} came where second ${second} was due`, child);
      second += 1;
      yield packInterval(message.interval);
    }
  }
}

/** k6's code for thresholds of its own that were crossed: a finding, not a fault of the generator. */
const THRESHOLDS_CROSSED = 99;

async function conclude({ code, reason, own }: Extract<K6Message, { type: 'end' }>, load: EngineLoad, seconds: number, isStopped: boolean, child: Child): Promise<void> {
  if (own !== null) await keepFindings(load.workDir, own);
  if (isStopped) return;
  if (code !== 0 && code !== THRESHOLDS_CROSSED) throw failureOf(`it ended by itself with code ${code}: ${reason}`, child);
  const planned = Math.floor(load.shape.stages.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0));
  if (seconds < planned) throw failureOf(`it ended after ${seconds} of ${planned} s${reason === '' ? '' : `: ${reason}`}`, child);
}

function otherProtocol(theirs: number): ScaleplanError {
  return new ScaleplanError('engine-missing', `This k6 was built for another version of scaleplan (its extension speaks ${theirs}, not ${PROTOCOL}).`, { hint: 'Build the right one: scaleplan engines install k6' });
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => { timer = setTimeout(resolve, ms, 'late'); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
