import { readFileSync } from 'node:fs';
import { Agent, request as send } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { faultOf } from '../../src/engines/answer.ts';
import { compileCapture, takeCaptures, type Answer } from '../../src/engines/captures.ts';
import type { Engine, EngineLoad } from '../../src/engines/engine.ts';
import { arrivalsAskedAt } from '../../src/model/load.ts';
import type { ErrorKind, Interval, IntervalRow } from '../../src/model/interval.ts';
import type { Journey, RequestStep } from '../../src/model/scenario.ts';
import { requestsOf } from '../../src/scenario/steps.ts';
import { createVariableSource, parseCsv, renderText, renderValue, type Variables } from '../../src/scenario/variables.ts';
import { EMPTY_HISTOGRAM, LatencyRecorder } from '../../src/stats/histogram.ts';

/**
 * The open model within the recorder's own process: no start of ten seconds, and a tenth of a core in place of half of one, so that
 * several situations are recorded at a time and none of them starves another. It puts the load in artillery's place and says so.
 */
export function lightEngine(standsFor: Engine): Engine {
  return { ...standsFor, models: ['open'], check: async () => ({ usable: true, version: 'in the recorder’s own process' }), prepare: () => {}, run };
}

interface Row {
  readonly journey: string;
  readonly step: string;
  requests: number;
  readonly errors: Partial<Record<ErrorKind, number>>;
  readonly statuses: Record<string, number>;
  bytes: number;
  readonly latency: LatencyRecorder;
  readonly errorLatency: LatencyRecorder;
}

/** What has been counted since the last second was taken. */
class Second {
  sent = 0;
  arrivals = 0;
  readonly #rows = new Map<string, Row>();

  row(journey: string, step: string): Row {
    const key = `${journey}\n${step}`;
    const row = this.#rows.get(key) ?? { journey, step, requests: 0, errors: {}, statuses: {}, bytes: 0, latency: new LatencyRecorder(), errorLatency: new LatencyRecorder() };
    this.#rows.set(key, row);
    return row;
  }

  rows(): IntervalRow[] {
    return [...this.#rows.values()].map(({ latency, errorLatency, ...row }) => ({ ...row, latency: latency.take(), errorLatency: errorLatency.take(), ttfb: EMPTY_HISTOGRAM }));
  }
}

async function* run(load: EngineLoad, signal: AbortSignal): AsyncGenerator<Interval, void, void> {
  const newVariables = createVariableSource(load.scenario.variables, load.scenario.payloads.map(({ file, fields, order, delimiter, skipHeader }) => ({ fields, order, rows: parseCsv(readFileSync(file, 'utf8'), { delimiter, skipHeader }) })), Math.random);
  const pick = picker(load.scenario.journeys.filter(({ flow }) => requestsOf(flow).length > 0));
  const seconds = load.shape.stages.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  const present = new Set<Promise<void>>();
  let now = new Second();
  const begunAt = performance.now();
  const startedAtMs = Date.now();
  let owed = 0;
  let begun = performance.eventLoopUtilization();
  for (let second = 0; second < seconds || present.size > 0; second += 1) {
    let lagMs = 0;
    // Fiftieths of a second: arrivals are spread over it.
    for (let slice = 0; slice < 50; slice += 1) {
      const dueAt = begunAt + 1000 * second + 20 * slice;
      if (performance.now() < dueAt) await sleep(dueAt - performance.now());
      lagMs = Math.max(lagMs, performance.now() - dueAt);
      if (second >= seconds || signal.aborted) continue;
      owed += arrivalsAskedAt(load.shape, second) / 50;
      for (; owed >= 1; owed -= 1) {
        now.arrivals += 1;
        const journey = goThrough(pick(), { ...newVariables(), target: load.target, $uuid: randomUUID() }, load, () => now);
        present.add(journey);
        void journey.finally(() => present.delete(journey));
      }
    }
    const dueAt = begunAt + 1000 * (second + 1);
    if (performance.now() < dueAt) await sleep(dueAt - performance.now());
    const taken = now;
    now = new Second();
    const { utilization } = performance.eventLoopUtilization(performance.eventLoopUtilization(), begun);
    begun = performance.eventLoopUtilization();
    yield { second, startedAtMs: startedAtMs + 1000 * second, sent: taken.sent, arrivals: taken.arrivals, skipped: 0, rows: taken.rows(), generator: { loopUtilization: utilization, loopLagMs: lagMs } };
    if (signal.aborted && second > seconds + load.timeoutMs / 1000) break;
  }
}

/** A journey from its first step to its last, or to one that cannot be gone on from. */
async function goThrough({ name, flow }: Journey, variables: Variables, load: EngineLoad, now: () => Second): Promise<void> {
  // A connection for each user, as artillery has it: one that is kept longer may be closed by the server at the moment of its use.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await goOn({ name, flow }, variables, load, agent, now);
  agent.destroy();
}

async function goOn({ name, flow }: Pick<Journey, 'name' | 'flow'>, variables: Variables, load: EngineLoad, agent: Agent, now: () => Second): Promise<void> {
  for (const step of flow) {
    if (step.type === 'think') await sleep(1000 * step.seconds);
    if (step.type !== 'request') continue;
    now().sent += 1;
    const startedAt = performance.now();
    const answer = await ask(step, variables, load, agent).catch((error: Error & { code?: string }) => kindOf(error));
    const us = 1000 * (performance.now() - startedAt);
    const row = now().row(name, step.name);
    row.requests += 1;
    const missing = typeof answer === 'string' ? null : takeCaptures(step.captures.map(compileCapture), answer, variables, Math.random);
    const fault = typeof answer === 'string' ? answer : (faultOf(answer, step.expect) ?? (missing === null ? null : 'capture'));
    if (typeof answer !== 'string') {
      row.statuses[answer.status] = (row.statuses[answer.status] ?? 0) + 1;
      row.bytes += answer.body.length;
    }
    if (fault === null) row.latency.record(us);
    else {
      row.errors[fault] = (row.errors[fault] ?? 0) + 1;
      if (fault !== 'timeout') row.errorLatency.record(us);
    }
    if (typeof answer === 'string' || missing !== null) return;
  }
}

function ask(step: RequestStep, variables: Variables, { target, timeoutMs, scenario }: EngineLoad, agent: Agent): Promise<Answer> {
  const url = new URL(renderText(step.url, variables, Math.random), target);
  for (const [key, value] of Object.entries(step.qs)) url.searchParams.set(key, renderText(value, variables, Math.random));
  const body = step.body === null ? null : JSON.stringify(renderValue(step.body.value, variables, Math.random));
  const headers = { ...scenario.defaultHeaders, ...step.headers, ...(body === null ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }) };
  return new Promise((resolve, reject) => {
    const request = send(url, { method: step.method, agent, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        clearTimeout(limit);
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces).toString('utf8'), header: (name) => response.headers[name]?.toString() });
      });
    });
    const limit = setTimeout(() => request.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })), timeoutMs);
    request.on('error', (error) => {
      clearTimeout(limit);
      reject(error);
    });
    request.end(body ?? undefined);
  });
}

function kindOf({ code }: { readonly code?: string }): ErrorKind {
  return code === 'ETIMEDOUT' ? 'timeout' : code === 'ECONNREFUSED' ? 'refused' : 'reset';
}

/** By weight, each kept within one pick at any time. */
function picker(journeys: readonly Journey[]): () => Journey {
  const total = journeys.reduce((sum, { weight }) => sum + weight, 0);
  const credits = journeys.map(() => 0);
  return () => {
    journeys.forEach(({ weight }, at) => { credits[at] = (credits[at] ?? 0) + weight; });
    const best = credits.indexOf(Math.max(...credits));
    credits[best] = (credits[best] ?? 0) - total;
    const picked = journeys[best];
    if (picked === undefined) throw new Error('no journey sends a request');
    return picked;
  };
}
