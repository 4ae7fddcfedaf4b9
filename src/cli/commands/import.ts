import { relative, resolve } from 'node:path';
import { ScaleplanError, type ExitCode } from '../../errors.ts';
import { importedStep } from '../../import/imported-step.ts';
import { sourceNamed } from '../../import/registry.ts';
import type { Results } from '../../import/source.ts';
import { redact } from '../../model/redact.ts';
import { FORMAT_VERSION, type Run, type RunStep } from '../../model/run.ts';
import type { Phase, Plan } from '../../model/plan.ts';
import { loadPlan } from '../../plan/load.ts';
import { findPhase } from '../../plan/resolve.ts';
import { reportersNamed } from '../../reporters/registry.ts';
import { assertWritable, createRunFolder } from '../../run/store.ts';
import { assess } from '../assess.ts';
import { deliver } from '../deliver.ts';
import type { Host } from '../host.ts';
import { evidenceOf, type Evidence } from '../imported-evidence.ts';
import { momentsOf } from '../imported-moments.ts';
import { settingsFor, type Settings, type TestFlags } from '../settings.ts';
import { toolVersion } from '../version.ts';
import { readBaseline } from '../with-baseline.ts';

interface ImportFlags extends TestFlags {
  readonly from?: string;
  readonly to?: string;
}

/** `scaleplan import`: a file of another tool enters the straight line of `test` at "seal". */
export async function importResults(format: string, path: string, flags: ImportFlags, host: Host): Promise<ExitCode> {
  const settings = await settingsFor(flags, host);
  const remembering = settings.probes.filter(({ kind }) => kind === 'prometheus');
  if (flags.probe !== undefined && remembering.length < settings.probes.length) {
    throw new ScaleplanError('wrong-usage', 'Of a time that is over only a Prometheus can tell.', { hint: 'Name --probe prometheus=http://host:9090 alone.' });
  }
  const reporters = await reportersNamed(settings.reporters, host.cwd);
  const plan = await loadPlan(settings.plan, { cwd: host.cwd });
  const phase = findPhase(plan, settings.phase);
  const baseline = await readBaseline({ flag: flags.baseline, configured: settings.baseline }, settings.output, { cwd: host.cwd, say: (text) => { host.err.write(`${text}\n`); } });
  const source = await sourceNamed(format);
  const file = resolve(host.cwd, path);
  const results = await source(file);
  const step = importedStep(file, results, momentsOf(flags, results.startedAtMs));
  const evidence = await evidenceOf(remembering, settings.metricNames, step);
  if (!settings.isPlanNamed) host.err.write(`No plan was named: judged by the bundled plan ${plan.id} (--plan names another).\n`);
  for (const status of evidence.statuses) if (status.status !== 'ok') host.err.write(`Probe ${status.kind} ${status.status}: ${status.reason}${status.hint ? ` ${status.hint}` : ''}\n`);
  assertWritable(settings.output);
  const folder = createRunFolder(settings.output, plan.id, phase.id, results.startedAtMs);
  for (const interval of step.intervals) folder.appendInterval(0, interval);
  folder.appendSamples(evidence.samples);
  folder.close();
  const run = runOf({ id: folder.id, plan, phase, settings, step, results, evidence, file: relative(host.cwd, file) || file });
  const report = assess(run, plan, phase, { folder: relative(host.cwd, folder.path) || folder.path, toolVersion: toolVersion(), baseline });
  await deliver(report, reporters, folder, host);
  return report.exitCode as ExitCode;
}

interface Parts {
  readonly id: string;
  readonly plan: Plan;
  readonly phase: Phase;
  readonly settings: Settings;
  readonly step: RunStep;
  readonly results: Results;
  readonly evidence: Evidence;
  readonly file: string;
}

function runOf({ id, plan, phase, settings, step, results, evidence, file }: Parts): Run {
  const sent = sentPerSec(step);
  const asked = settings.ratePerSec ?? (settings.users === null ? phase.load.requestsPerSecond : (settings.users * plan.load.requestsPerUserPerMinute.max) / 60);
  const said = settings.ratePerSec !== null || settings.users !== null ? 'as was said' : `of phase ${phase.id}; --rate or --users says what it stands for`;
  const compared = `load: ${Number(sent.toPrecision(3))} requests/s were sent, held against ${Number(asked.toPrecision(3))}/s ${said}`;
  return {
    formatVersion: FORMAT_VERSION, id, startedAtMs: step.startedAtMs, endedAtMs: step.endedAtMs,
    plan: { id: plan.id, phase: phase.id, file: plan.file },
    target: { url: settings.target === null ? 'unknown' : redact(settings.target), demo: null, servers: [] },
    suites: ['load'], steps: [{ ...step, scenario: file }], samples: evidence.samples, probes: evidence.statuses, interrupted: null,
    assumptions: [`imported from ${file} of ${results.tool}`, compared, ...results.notes.map((note) => `${results.tool}: ${note}`)],
    // The machine that made the load is not the one that reads the file.
    environment: { scaleplan: toolVersion(), imported: results.tool },
    configuration: redact({ ...settings, suites: ['load'], ratePerSec: sent, meanRatePerSec: asked, users: settings.users }),
    acceptNoise: settings.acceptNoise,
  };
}

function sentPerSec({ shape, intervals }: RunStep): number {
  const [last] = shape.stages.slice(-1);
  const from = shape.stages.length > 1 ? (shape.stages[0]?.durationSeconds ?? 0) : 0;
  const length = last?.durationSeconds ?? 1;
  return intervals.filter(({ second }) => second >= from && second < from + length).reduce((sum, { sent }) => sum + sent, 0) / length;
}
