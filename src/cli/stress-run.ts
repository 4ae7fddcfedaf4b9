import { relative } from 'node:path';
import { redact } from '../model/redact.ts';
import { FORMAT_VERSION, type Run, type StressFacts, type Trial } from '../model/run.ts';
import type { RunStep } from '../model/run.ts';
import type { Sample, ProbeStatus } from '../model/sample.ts';
import { startSampler } from '../probes/sampler.ts';
import { describeEnvironment } from '../run/environment.ts';
import { watchHealth } from '../run/health.ts';
import { assertWritable, createRunFolder } from '../run/store.ts';
import { askedOf, type AskedMix } from './asked-mix.ts';
import type { FinishedRun } from './run-steps.ts';
import { searchEdge } from './stress-stages.ts';
import { startLoadOf } from './stress-load.ts';
import type { StressContext, StressRequest } from './stress-context.ts';
import { toolVersion } from './version.ts';

/** Opens the target, reads the servers, searches, and seals the run: interrupted or not, whatever was measured is kept. */
export async function runStress(request: StressRequest): Promise<FinishedRun> {
  const { settings, host, progress, plan, phase, search } = request;
  assertWritable(settings.output);
  const stop = new AbortController();
  let interrupted: Run['interrupted'] = null;
  const release = host.onInterrupt((signal) => {
    interrupted = signal;
    progress.say('\nInterrupted: letting requests in flight end, then sealing the run. Once more ends it at once.');
    stop.abort(`interrupted by ${signal}`);
  });
  try {
    const beganAtMs = host.now();
    const target = await request.openTarget();
    const unwatch = search.healthUrl === null ? () => {} : watchHealth(search.healthUrl, (reason) => {
      progress.say(`Ending: ${reason}`);
      stop.abort(reason);
    });
    try {
      const folder = createRunFolder(settings.output, plan.id, phase.id, host.now());
      const run = await measure({ ...request, target, folder, startedAtMs: host.now(), signal: stop.signal, asked: await askedOf([request.base]) }, beganAtMs, () => interrupted);
      folder.close();
      return { run, folder: { ...folder, shownPath: relative(host.cwd, folder.path) || folder.path } };
    } finally {
      unwatch();
      await target.stop();
    }
  } finally {
    release();
  }
}

type Opened = Omit<StressContext, 'samples' | 'steps' | 'trials' | 'notes' | 'runSoFar'> & { readonly asked: AskedMix };

async function measure(opened: Opened, beganAtMs: number, interrupted: () => Run['interrupted']): Promise<Run> {
  const { folder, progress, settings, target } = opened;
  const samples: Sample[] = [];
  const sampler = await startSampler({
    probes: target.probes, metricNames: settings.metricNames,
    onSample: (sample) => {
      samples.push(sample);
      folder.appendSamples([sample]);
      progress.read(sample);
    },
    onStatus: (status) => {
      if (status.status !== 'ok') progress.say(`Probe ${status.kind} ${status.status}: ${status.reason}${status.hint ? ` ${status.hint}` : ''}`);
    },
  });
  const found = { samples, steps: [] as RunStep[], trials: [] as Trial[], notes: [] as string[] };
  const runSoFar = (): Run => assembleRun(opened, found, sampler.statuses(), interrupted());
  try {
    await searchEdge({ ...opened, ...found, runSoFar }, beganAtMs);
    return runSoFar();
  } finally {
    progress.end();
    await sampler.stop();
  }
}

interface Found {
  readonly samples: readonly Sample[];
  readonly steps: readonly RunStep[];
  readonly trials: readonly Trial[];
  readonly notes: readonly string[];
}

function assembleRun(opened: Opened, { samples, steps, trials, notes }: Found, probes: readonly ProbeStatus[], interrupted: Run['interrupted']): Run {
  const { plan, phase, settings, target, folder, host, search, signal } = opened;
  const stress: StressFacts = {
    by: search.by, startLoad: startLoadOf(opened), mostLoad: search.mostLoad, notes: [...notes],
    stoppedBy: signal.aborted ? String(signal.reason) : null,
  };
  return {
    formatVersion: FORMAT_VERSION, id: folder.id, startedAtMs: opened.startedAtMs, endedAtMs: host.now(),
    plan: { id: plan.id, phase: phase.id, file: plan.file },
    target: { url: redact(target.url), demo: target.demo, servers: target.servers },
    suites: ['stress'], steps: [...steps], samples, ...(trials.length === 0 ? {} : { trials: [...trials] }), stress, probes: [...probes], interrupted,
    assumptions: [`load: ${phase.load.derivation}`, ...target.adjustments.map((one) => `reference application: ${one}`)],
    environment: describeEnvironment(toolVersion()),
    configuration: redact({ ...settings, ...opened.asked, search: { ...search, writes: search.writes === null ? null : { ...search.writes, check: 'given' } }, ratePerSec: null, meanRatePerSec: null, users: settings.users }),
    acceptNoise: settings.acceptNoise,
  };
}
