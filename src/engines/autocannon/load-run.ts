import { setTimeout as sleep } from 'node:timers/promises';
import type { Interval } from '../../model/interval.ts';
import type { ClosedStage } from '../../model/load.ts';
import { createVariableSource, type Variables } from '../../scenario/variables.ts';
import { Connection, type Sink } from './connection.ts';
import { startInstance } from './instance.ts';
import { openPayload } from './payloads.ts';
import { compileProgram } from './program.ts';
import type { Go, Job } from './protocol.ts';
import { IntervalRecorder } from './recorder.ts';
import { createBeforeUser, createNewVariables, createPicker, createVirtualUser, type VirtualUser } from './virtual-user.ts';
import { warmUp } from './warm-up.ts';

/** A timer may come a little early; then the second would not be over yet. */
const TIMER_SLACK_MS = 1;

/**
 * Runs a job's stages one after the other and reports every second; returns when the last request in flight has ended.
 * `meet` is called where there are several workers: it tells what `before` captured and waits for the others.
 */
export async function runLoad(job: Job, signal: AbortSignal, emit: (interval: Interval) => void, meet: (shared: Variables) => Promise<Go>): Promise<void> {
  const chance = Math.random;
  const program = compileProgram(job, chance);
  await warmUp();
  // `before` has rows of its own, as in artillery: the first user begins with the first row.
  const payloads = job.payloads.map(openPayload);
  const newSource = (): (() => Variables) => createVariableSource(job.scenario.variables, payloads, chance);
  const { origin } = new URL(job.target);
  const shared: Variables = {};
  if (program.before.length > 0 && job.part.index === 0) {
    await runBefore(job, (done) => createBeforeUser(program.before, Object.assign(shared, { target: job.target }, newSource()()), chance, origin, done));
    keepOnly(shared, new Set(program.before.flatMap(({ captures }) => captures.map(({ as }) => as))));
  }
  if (job.part.of > 1) {
    const { startAtMs, shared: captured } = await meet(shared);
    Object.assign(shared, captured);
    await pause(startAtMs - Date.now(), signal);
  }
  if (signal.aborted) return;

  const pick = createPicker(program.passes);
  const newVariables = createNewVariables(newSource(), shared, job.target, program.uses);
  const startedAt = performance.now();
  const recorder = new IntervalRecorder(program.slots, startedAt, emit);
  const ration = rationOf(job.stages);
  const crew = new Crew(job, recorder, () => ration(createVirtualUser(pick, newVariables, chance, origin)));
  const ticking = tick(startedAt, recorder);
  await runStages(job.stages, startedAt, crew, signal);
  crew.setUsers(0);
  await crew.drained();
  ticking.abort();
  recorder.finish(performance.now());
}

/** Connections in use, opened and let go as the stages ask. */
class Crew {
  readonly #job: Job;
  readonly #sink: Sink;
  readonly #newUser: () => VirtualUser;
  readonly #active: Connection[] = [];
  #open = 0;
  #onDrained: (() => void) | null = null;
  #failure: Error | null = null;

  constructor(job: Job, sink: Sink, newUser: () => VirtualUser) {
    this.#job = job;
    this.#sink = sink;
    this.#newUser = newUser;
  }

  /** More users are another instance of autocannon with the difference; fewer let the newest end after their request. */
  setUsers(count: number): void {
    while (this.#active.length > count) this.#active.pop()?.stop();
    const missing = count - this.#active.length;
    if (missing <= 0) return;
    startInstance(this.#job.target, missing, this.#job.timeoutMs, (client) => {
      client.on('done', () => {
        this.#open -= 1;
        if (this.#open === 0) this.#onDrained?.();
      });
      this.#open += 1;
      const connection = new Connection(client, this.#newUser(), this.#sink, this.#job.timeoutMs);
      this.#active.push(connection);
      return connection;
    }, (error) => { this.#failure = error; });
  }

  get isIdle(): boolean {
    return this.#open === 0;
  }

  async drained(): Promise<void> {
    if (this.#open > 0) await new Promise<void>((resolve) => { this.#onDrained = resolve; });
    this.throwFailure();
  }

  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure;
  }
}

/** Holds each stage for its time, or until its count is made. */
async function runStages(stages: readonly ClosedStage[], startedAt: number, crew: Crew, signal: AbortSignal): Promise<void> {
  let beganAtMs = 0;
  for (const stage of stages) {
    crew.setUsers(stage.users);
    crew.throwFailure();
    const endsAtMs = beganAtMs + stage.durationSeconds * 1000;
    const elapsedMs = (): number => performance.now() - startedAt;
    while (elapsedMs() < endsAtMs && !signal.aborted) {
      const nextSecondMs = (Math.floor(elapsedMs() / 1000) + 1) * 1000;
      await pause(Math.min(nextSecondMs, endsAtMs) - elapsedMs(), signal);
      if (stage.exactly !== undefined && crew.isIdle) break;
    }
    if (signal.aborted) return;
    beganAtMs = endsAtMs;
  }
}

/** Where a count of requests is asked for, all users draw on it together: the one who finds nothing left ends. */
function rationOf(stages: readonly ClosedStage[]): (user: VirtualUser) => VirtualUser {
  let left = stages.at(-1)?.exactly ?? Infinity;
  if (left === Infinity) return (user) => user;
  return (user) => ({
    ...user,
    next: () => {
      const next = left > 0 ? user.next() : null;
      if (next?.step.isMeasured === true) left -= 1;
      return next;
    },
  });
}

/** Closes seconds in which nothing ends as well, until aborted. */
function tick(startedAt: number, recorder: IntervalRecorder): AbortController {
  const ending = new AbortController();
  const next = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const elapsedMs = performance.now() - startedAt;
      await pause((Math.floor(elapsedMs / 1000) + 1) * 1000 - elapsedMs, ending.signal);
      if (!ending.signal.aborted) recorder.roll(performance.now());
    }
  };
  void next();
  return ending;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, ms) + TIMER_SLACK_MS, undefined, { signal }).catch(() => {});
}

/** Sends the scenario's `before` once on a connection of its own, unmeasured. Throws when it fails: what it captures would be missing. */
async function runBefore(job: Job, newUser: (done: (fault: string | null) => void) => VirtualUser): Promise<void> {
  const fault = await new Promise<string | null>((resolve, reject) => {
    const nobody: Sink = { sent() {}, answer() {}, loss() {}, lacked() {} };
    let connection: Connection | null = null;
    const user = newUser((result) => {
      queueMicrotask(() => connection?.stop());
      resolve(result);
    });
    startInstance(job.target, 1, job.timeoutMs, (client) => connection = new Connection(client, user, nobody, job.timeoutMs), reject);
  });
  if (fault !== null) throw new Error(`the scenario's "before" failed: ${fault}`);
}

function keepOnly(variables: Variables, names: ReadonlySet<string>): void {
  for (const name of Object.keys(variables)) if (!names.has(name)) delete variables[name];
}
