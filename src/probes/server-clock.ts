/** A server's own time, as it told it between our question and its answer; all in seconds, ours of a clock that never jumps. */
export interface ToldTime {
  readonly serverSeconds: number;
  readonly askedSeconds: number;
  readonly answeredSeconds: number;
}

/** Clocks that are gently corrected drift by half a thousandth; the rest is rounding. */
const SLACK_SECONDS = 0.05;

/**
 * Rates are formed over the server's own time, which an answer's way to us does not blur. But such clocks are set: this tells when one
 * moved by more or less than can have passed.
 */
export class ServerClock {
  #before: ToldTime | null = null;

  /** False once after each jump, forward or back: over that time there is no rate. */
  isSteady(now: ToldTime): boolean {
    const before = this.#before;
    this.#before = now;
    if (before === null) return true;
    const passed = now.serverSeconds - before.serverSeconds;
    const least = now.askedSeconds - before.answeredSeconds;
    const most = now.answeredSeconds - before.askedSeconds;
    return passed >= least - SLACK_SECONDS && passed <= most + SLACK_SECONDS;
  }
}
