import { ScaleplanError } from '../errors.ts';
import { metricOf } from '../model/metrics.ts';
import type { ProbeKind, ProbeStatus, Sample } from '../model/sample.ts';
import { withoutSecrets } from './probe-address.ts';
import type { OpenProbe, Probe, Reading, Shortfall } from './probe.ts';
import type { ProbeRequest } from './registry.ts';
import { withTimeLimit } from './time-limit.ts';

export interface WatchedProbeOptions {
  readonly request: ProbeRequest;
  /** Put on every reading that names none itself. */
  readonly instance: string | null;
  readonly metricNames: Readonly<Record<string, string>>;
  readonly load: (kind: ProbeKind) => Promise<OpenProbe>;
  readonly monotonicMs: () => number;
  readonly onSample: (sample: Sample) => void;
  readonly onStatus: (status: ProbeStatus) => void;
  readonly stopped: AbortSignal;
}

/** People wait for this before the load starts; a server that needs longer to accept a connection is no server to load. */
const OPEN_MS = 3000;
/** A read still without an answer now is of no use to its second, but an overloaded server is just what we want to see. */
const READ_MS = 2000;
const CLOSE_MS = 1000;
/** A collection of garbage, or a synchronous call, that stops a thread for longer than this is an outage. */
const LATE_READ_MS = 10_000;
/** After a longer silence nobody knows in which of its seconds it happened. */
const MOST_FILLED_TICKS = 15;
const TICK_MS = 1000;
/** One lost packet or one restart within a second is no loss; three seconds of silence are. */
const LOST_AFTER_TICKS = 3;

/** The life of one probe: opened, read tick by tick, lost and found again. Never throws, never holds up another probe. */
export class WatchedProbe {
  readonly #options: WatchedProbeOptions;
  #probe: Probe | null = null;
  #status: ProbeStatus;
  #detail = '';
  #missedTicks = 0;
  #failures = 0;
  #busy = false;
  #lastReadMs: number | null = null;
  /** The last tick that each metric was told of. */
  readonly #toldAtMs = new Map<string, number>();
  /** The last tick that anything was told of. */
  #lastToldMs: number | null = null;
  /** No tick before this one is read; null: the next is. */
  #restsUntilMs: number | null = null;
  /** States of the last reading, and the seconds they last: until the next, where that is put off on purpose. */
  #states: readonly Reading[] = [];
  #restSeconds = 1;

  constructor(options: WatchedProbeOptions) {
    this.#options = options;
    this.#status = { kind: options.request.kind, status: 'refused', reason: 'was not opened', hint: null };
  }

  status(): ProbeStatus {
    return this.#status.status === 'ok' ? { ...this.#status, missedTicks: this.#missedTicks } : this.#status;
  }

  /** What it does without; nothing while it is not open. */
  shortfalls(): readonly Shortfall[] {
    const missing = this.#status.status === 'ok' ? this.#probe?.shortfalls?.() ?? [] : [];
    return missing.map(({ what, remedy }) => ({ what, remedy: this.#clean(remedy) }));
  }

  async open(): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      this.#fail('refused', error);
    }
  }

  /** Starts a read where one is due, unless the last one is still under way. `skipped`: ticks that passed while nobody could start a read. */
  tick(atMs: number, skipped: number): void {
    if (this.#status.status === 'refused') return;
    if (this.#restsUntilMs !== null && atMs < this.#restsUntilMs) {
      for (const state of this.#states) this.#emit(state, atMs, this.#restSeconds);
      return;
    }
    this.#missedTicks += skipped + (this.#busy ? 1 : 0);
    if (this.#busy) return;
    this.#busy = true;
    void this.#read(atMs).finally(() => { this.#busy = false; });
  }

  async close(): Promise<void> {
    const probe = this.#probe;
    this.#probe = null;
    [this.#lastReadMs, this.#lastToldMs, this.#restsUntilMs] = [null, null, null];
    this.#toldAtMs.clear();
    if (probe !== null) await withTimeLimit(CLOSE_MS, null, () => probe.close()).catch(() => {});
  }

  async #connect(): Promise<void> {
    const { request, metricNames, load, stopped } = this.#options;
    await withTimeLimit(OPEN_MS, stopped, async (signal) => {
      const openProbe = await load(request.kind);
      const probe = openProbe({ address: request.address, timeoutMs: READ_MS, metricNames });
      this.#probe = probe;
      const detail = await probe.open(signal);
      // Too late: somebody else has given up on us and closed what we opened.
      if (this.#probe === probe) this.#detail = detail;
    }).catch(async (error: unknown) => {
      await this.close();
      throw error instanceof ScaleplanError || stopped.aborted ? error : unanswered(request, error);
    });
    this.#failures = 0;
    this.#setStatus({ kind: request.kind, status: 'ok', detail: this.#clean(this.#detail), missedTicks: this.#missedTicks });
  }

  async #read(atMs: number): Promise<void> {
    const startedMs = this.#options.monotonicMs();
    try {
      if (this.#probe === null) await this.#connect();
      const probe = this.#probe;
      if (probe === null) return;
      const elapsedSeconds = this.#lastReadMs === null ? 0 : (startedMs - this.#lastReadMs) / 1000;
      const limitMs = probe.isLateWhenBusy === true ? LATE_READ_MS : READ_MS;
      const readings = await withTimeLimit(limitMs, this.#options.stopped, (signal) => probe.read(elapsedSeconds, signal));
      this.#lastReadMs = startedMs;
      // There is no rate before the second reading: who has to wait for one should not wait for longer than needed.
      this.#restSeconds = this.#lastToldMs === null ? 1 : (probe.secondsToNext?.() ?? 1);
      // After a failure the next tick is read: a pause of several of them would be told as a loss late.
      this.#restsUntilMs = atMs + this.#restSeconds * TICK_MS;
      this.#failures = 0;
      if (this.#options.stopped.aborted) return;
      if (this.#status.status === 'lost') this.#setStatus({ kind: this.#options.request.kind, status: 'ok', detail: this.#clean(this.#detail), missedTicks: this.#missedTicks });
      this.#tell(readings, atMs, this.#options.monotonicMs() - startedMs);
    } catch (error) {
      if (this.#options.stopped.aborted) return;
      this.#missedTicks += 1;
      this.#failures += 1;
      if (this.#failures >= LOST_AFTER_TICKS) {
        if (this.#probe?.isLateWhenBusy !== true) await this.close();
        this.#fail('lost', error);
      }
    }
  }

  /** Every reading at its tick; what tells of an interval at each tick of it that nothing else has told of, those that passed while it was waited for among them. */
  #tell(readings: readonly Reading[], atMs: number, tookMs: number): void {
    const last = atMs + Math.floor(tookMs / TICK_MS) * TICK_MS;
    for (const reading of readings) {
      const isState = reading.overSeconds === undefined;
      const ticks = isState ? [atMs] : this.#ticksOf(reading, atMs, last);
      const shared = reading.weight === undefined ? reading : { ...reading, weight: reading.weight / ticks.length };
      for (const at of ticks) this.#emit(shared, at, isState ? this.#restSeconds : ticks.length);
    }
    for (const { metric } of readings) this.#toldAtMs.set(metric, last);
    this.#lastToldMs = last;
    this.#states = readings.filter(({ overSeconds }) => overSeconds === undefined);
  }

  #ticksOf({ metric, weight, overSeconds = 0 }: Reading, atMs: number, last: number): number[] {
    if (this.#lastToldMs === null) return [atMs];
    const next = this.#lastToldMs + TICK_MS;
    // Shorter than the silence: its server came back within that. Ticks cut its seconds short by one at most.
    const began = Math.min(last, last - (Math.round(overSeconds) - 1) * TICK_MS);
    const since = began === next + TICK_MS ? next : began;
    // A mean is of the time since the last read: it was absent before because there was nothing to count.
    const told = weight === undefined ? this.#toldAtMs.get(metric) : undefined;
    const first = Math.max(since, told === undefined ? next : told + TICK_MS);
    if (last - first >= MOST_FILLED_TICKS * TICK_MS) return [atMs];
    if (first > last) return weight === undefined ? [] : [atMs];
    return Array.from({ length: 1 + (last - first) / TICK_MS }, (_, index) => first + index * TICK_MS);
  }

  /** A figure that is none (0/0, an empty histogram) is a missing reading, and missing readings are absent. */
  #emit({ metric, value, weight, instance = this.#options.instance ?? undefined }: Reading, atMs: number, spanSeconds: number): void {
    if (!Number.isFinite(value) || metricOf(metric) === undefined) return;
    this.#options.onSample({
      atMs, probe: this.#options.request.kind, metric, value,
      ...(weight === undefined ? {} : { weight }),
      ...(spanSeconds > 1 ? { spanSeconds } : {}),
      ...(instance === undefined ? {} : { instance }),
    });
  }

  #fail(status: 'refused' | 'lost', error: unknown): void {
    const said = this.#clean(error instanceof Error ? error.message : String(error));
    const hint = error instanceof ScaleplanError && error.hint !== null ? this.#clean(error.hint) : null;
    // The two are told one behind the other.
    const reason = hint === null || /[.!?]$/.test(said) ? said : `${said}.`;
    this.#setStatus({ kind: this.#options.request.kind, status, reason, hint });
  }

  #setStatus(status: ProbeStatus): void {
    const isNews = this.#status.status !== status.status || status.status === 'refused';
    this.#status = status;
    if (isNews) this.#options.onStatus(status);
  }

  #clean(text: string): string {
    return withoutSecrets(text, this.#options.request.address);
  }
}

/** The time limit knows neither whom it waited for nor what may be the matter. */
function unanswered({ kind, address }: ProbeRequest, error: unknown): ScaleplanError {
  const place = URL.canParse(address) ? new URL(address).host : kind;
  return new ScaleplanError('probe-refused', `${place}: ${error instanceof Error ? error.message : String(error)}`, {
    hint: 'Is it the right address and port, does the server answer others, and is no firewall in between?', cause: error,
  });
}
