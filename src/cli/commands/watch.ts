import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfiguration } from '../../config/load.ts';
import { EXIT, ScaleplanError, type ExitCode } from '../../errors.ts';
import { judge } from '../../judge/judge.ts';
import { comparisonsOf, isAlternative, type Condition } from '../../model/condition.ts';
import type { Plan } from '../../model/plan.ts';
import type { Verdict } from '../../model/report.ts';
import type { Sample } from '../../model/sample.ts';
import { loadPlan } from '../../plan/load.ts';
import { findPhase, signsFor } from '../../plan/resolve.ts';
import { parseProbe, type ProbeRequest } from '../../probes/registry.ts';
import { startSampler, type Sampler } from '../../probes/sampler.ts';
import type { RunClock } from '../../stats/series.ts';
import { LOOK_SECONDS, lookSeconds, MOST_LOOK_SECONDS, secondsToTen } from '../../watch/look-back.ts';
import { observedRun } from '../../watch/observed-run.ts';
import { exitCodeOf, watchlist, type Watched } from '../../watch/watched.ts';
import type { Host } from '../host.ts';
import { createBlock, rowsOf } from '../live-view-screen.ts';
import { secondsFrom } from '../settings.ts';
import { unwatchedLines, watchLine, watchTable } from '../watch-lines.ts';
import { DEFAULT_PLAN, sayDefaultPlan } from './plan.ts';

interface WatchFlags {
  readonly plan?: string;
  readonly phase?: string;
  readonly probe?: readonly string[];
  readonly duration?: string;
  readonly once?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Who asks once waits no longer than this for a tenth reading: of what is read every fifth second it comes after three quarters of a minute. */
const MOST_ONCE_SECONDS = 60;

/** `scaleplan watch`: probes → the last seconds → triggers and alerts, second by second, without any load. */
export async function watch(flags: WatchFlags, host: Host): Promise<ExitCode> {
  const configured = await loadConfiguration({ cwd: host.cwd, env: host.env });
  const named = flags.plan ?? configured.plan;
  if (named === null) sayDefaultPlan(host);
  const plan = await loadPlan(named ?? DEFAULT_PLAN, { cwd: host.cwd });
  const probes = flags.probe?.map(parseProbe) ?? configured.probes;
  const watched = conditionsFor(plan, flags.phase ?? configured.phase, probes, flags, host);
  const samples: Sample[] = [];
  const sampler = await startSampler({ probes, metricNames: configured.metricNames, onSample: (sample) => void samples.push(sample) });
  try {
    for (const status of sampler.statuses()) if (status.status !== 'ok') host.err.write(`probe ${status.kind} ${status.status}: ${status.reason}${status.hint === null ? '' : ` ${status.hint}`}\n`);
    const seconds = flags.duration === undefined ? (flags.once ? LOOK_SECONDS : Infinity) : secondsFrom(flags.duration);
    return await look({ plan, watched, samples, sampler, seconds, flags, host });
  } finally {
    await sampler.stop();
  }
}

function conditionsFor(plan: Plan, phase: string | null, probes: readonly ProbeRequest[], { quiet }: WatchFlags, host: Host): readonly Watched[] {
  if (probes.length === 0) throw new ScaleplanError('wrong-usage', 'There is no probe to watch with.', { hint: 'Name the servers: --probe host=local redis=redis://127.0.0.1:6379, or probes in the configuration.' });
  const { triggers, alerts } = phase === null ? plan : signsFor(plan, findPhase(plan, phase));
  // A plan that says nothing of when to scale still says what its milestones look like.
  const conditions = triggers.length + alerts.length > 0 ? [...triggers, ...alerts] : plan.milestones.flatMap(({ symptoms }) => symptoms);
  const { watched, unwatched } = watchlist(conditions, probes.map(({ kind }) => kind));
  if (quiet !== true) for (const line of unwatchedLines(unwatched, host.err.columns())) host.err.write(`${line}\n`);
  if (watched.length === 0) throw new ScaleplanError('wrong-usage', `${conditions.length === 0 ? `${plan.id} has no trigger, alert or symptom` : `None of the ${conditions.length} signs of ${plan.id} can be read by these probes`}.`, { hint: `scaleplan plan show ${plan.id} names them, and what reads them stands above${phase === null ? '; --phase adds the triggers of a phase' : ''}.` });
  return watched;
}

interface Watch {
  readonly plan: Plan;
  readonly watched: readonly Watched[];
  readonly samples: Sample[];
  readonly sampler: Sampler;
  readonly seconds: number;
  readonly flags: WatchFlags;
  readonly host: Host;
}

async function look(watching: Watch): Promise<ExitCode> {
  const { watched, samples, seconds, flags, host } = watching;
  const interrupt = new AbortController();
  let signalled: ExitCode | null = null;
  const undo = host.onInterrupt((signal) => {
    signalled = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
    interrupt.abort();
  });
  const began = host.now();
  const show = screenFor(watching);
  let hasFired = false;
  let verdicts: readonly Verdict[] = [];
  try {
    while (!interrupt.signal.aborted && (host.now() - began < seconds * 1000 || waitsForReadings(watching, began))) {
      await sleep(1000, undefined, { signal: interrupt.signal }).catch(() => {});
      forget(samples, host.now() - 1000 * (10 + Math.max(MOST_LOOK_SECONDS, ...watched.map((one) => one.seconds))));
      verdicts = watched.flatMap((one) => verdictOf(one, watching, began));
      hasFired ||= !flags.once && verdicts.some(({ status }) => status === 'fired');
      if (!flags.once) show.update(verdicts);
    }
  } finally {
    undo();
    show.end();
  }
  if (flags.once) for (const verdict of verdicts) host.out.write(lineOf(verdict, watching));
  return signalled ?? (hasFired ? EXIT.failed : exitCodeOf(verdicts));
}

/** Asked once, and not for how long: until a mean can be told of all that will have been read often enough soon. */
function waitsForReadings({ watched, samples, flags, host }: Watch, beganAtMs: number): boolean {
  if (!flags.once || flags.duration !== undefined) return false;
  const clock = clockOf(samples, beganAtMs, host);
  const leftSeconds = MOST_ONCE_SECONDS - (host.now() - beganAtMs) / 1000;
  const toCome = watched.map(({ condition }) => secondsToTen(condition, samples.slice(), clock));
  return toCome.some((toTen) => toTen > 0 && toTen <= leftSeconds);
}

/** The whole seconds that are over. */
function clockOf(samples: readonly Sample[], beganAtMs: number, host: Host): RunClock {
  const startedAtMs = samples[0]?.atMs ?? beganAtMs;
  return { startedAtMs, seconds: Math.max(1, Math.floor((host.now() - startedAtMs) / 1000)) };
}

/** As many of those as the condition asks about and the watch has seen. */
function verdictOf({ condition, seconds }: Watched, { samples, sampler, host }: Watch, beganAtMs: number): Verdict[] {
  const clock = clockOf(samples, beganAtMs, host);
  const { startedAtMs: firstMs, seconds: seen } = clock;
  const observe = (asked: Condition, last: number): Verdict | undefined => {
    const length = Math.min(seen, last);
    const run = observedRun({ samples, probes: sampler.statuses(), fromMs: firstMs + (seen - length) * 1000, seconds: length });
    return judge(run, [{ suite: 'load', conditions: [asked] }], { acceptNoise: false })[0];
  };
  // The list is renewed at its beginning and its end: what was sorted of it is told by its length.
  const looked = lookSeconds(condition, samples.slice(), clock);
  const isHeld = comparisonsOf(condition).some(({ forSeconds }) => forSeconds !== null);
  const verdict = observe(condition, isHeld ? seconds : Math.max(seconds, looked));
  if (verdict?.status !== 'inconclusive' || !isHeld) return verdict === undefined ? [] : [verdict];
  // What does not hold now cannot have held for any time until now.
  const now = observe(withoutDuration(condition), looked);
  return [now?.status === 'not-fired' ? { ...now, condition } : verdict];
}

function withoutDuration(condition: Condition): Condition {
  return isAlternative(condition) ? { ...condition, anyOf: condition.anyOf.map((one) => ({ ...one, forSeconds: null })) } : { ...condition, forSeconds: null };
}

/** Oldest first, as they came. */
function forget(samples: Sample[], beforeMs: number): void {
  const kept = samples.findIndex(({ atMs }) => atMs >= beforeMs);
  if (kept > 0) samples.splice(0, kept);
}

interface WatchScreen {
  readonly update: (verdicts: readonly Verdict[]) => void;
  readonly end: () => void;
}

/** A table that renews itself where somebody sits; else a line for each change. */
function screenFor(watching: Watch): WatchScreen {
  const { flags, host, plan } = watching;
  const said = new Map<string, string>();
  const beganAtMs = host.now();
  if (host.out.isTerminal && flags.json !== true) {
    const block = createBlock(host.out);
    return {
      update: (verdicts) => block.draw(watchTable(`${plan.id} · watching ${verdicts.length} signs · ${new Date(host.now()).toISOString().slice(11, 19)} UTC · Ctrl-C ends`, verdicts, host.out.columns(), rowsOf(host.out), host.out.chalk)),
      end: () => host.out.write('\n'),
    };
  }
  return {
    update: (verdicts) => {
      for (const verdict of verdicts) {
        const key = `${verdict.condition.kind} ${verdict.condition.text}`;
        // At first nothing is known of anything: that is no news.
        const isUnknown = verdict.status === 'inconclusive' || (verdict.status === 'not-measured' && host.now() - beganAtMs < LOOK_SECONDS * 1000);
        if (said.get(key) === verdict.status || (!said.has(key) && isUnknown)) continue;
        said.set(key, verdict.status);
        host.out.write(lineOf(verdict, watching));
      }
    },
    end: () => {},
  };
}

function lineOf(verdict: Verdict, { plan, flags, host }: Watch): string {
  const { condition, status, observed, limit, reason } = verdict;
  const advice = plan.triggers.find(({ text }) => text === condition.text)?.action ?? plan.alerts.find(({ text }) => text === condition.text)?.severity ?? null;
  if (flags.json !== true) return watchLine(host.now(), verdict, advice);
  return `${JSON.stringify({ at: new Date(host.now()).toISOString(), kind: condition.kind, condition: condition.text, status, observed, limit, reason, advice })}\n`;
}
