import type { Events, RequestParams, Script } from './artillery.ts';
import type { Seconds } from './seconds.ts';
import { nowUs } from './traffic.ts';

/** As with a k6 script that throws: a step of its own, for no request of the script has failed. */
const STEP = '(exception)';
/** What is counted at its request, as a capture or an expectation; and a cookie that artillery cannot read: the target's, and no end of a journey. */
const KNOWN = /^(?:Failed capture or match$|Failed expectations for request |cookie_parse_error)/;

/**
 * Journeys that a script's own functions have ended. artillery tells a thrown error to nobody but its counters: no hook is called, no
 * request is sent, its exit code is 0, and a script that always throws would look like a target that is never asked.
 */
export class Exceptions {
  readonly #seconds: Seconds;
  readonly #journey: string;
  readonly #isStopped: () => boolean;
  readonly #known = new WeakSet<RequestParams>();
  #explained = 0;

  constructor(script: Script, seconds: Seconds, isStopped: () => boolean) {
    const names = (script.scenarios ?? []).map(({ name }, index) => name ?? `scenario ${index + 1}`);
    this.#seconds = seconds;
    // artillery does not say whose error it is.
    this.#journey = names.length === 1 ? (names[0] ?? '') : '(any)';
    this.#isStopped = isStopped;
  }

  /** The error that artillery is about to tell is this request's, which is counted already. */
  explain(params: RequestParams): void {
    if (this.#known.has(params)) return;
    this.#known.add(params);
    this.#explained += 1;
  }

  listen(events: Events): void {
    events.on('error', (code: unknown) => {
      if (this.#isStopped() || KNOWN.test(String(code))) return;
      if (this.#explained > 0) {
        this.#explained -= 1;
        return;
      }
      const now = nowUs();
      this.#seconds.sent(now);
      this.#seconds.ended(now, { journey: this.#journey, step: STEP, error: 'engine', status: null, bytes: 0, latencyUs: 0, firstByteUs: 0 });
      console.error(`scaleplan: a journey was ended by the script itself: ${String(code).slice(0, 300)}`);
    });
  }
}
