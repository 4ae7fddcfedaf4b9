import { loadConfiguration } from '../../config/load.ts';
import { examine, exitCodeOf, type Patient } from '../../doctor/doctor.ts';
import type { Finding } from '../../doctor/finding.ts';
import type { Need } from '../../doctor/need.ts';
import type { ExitCode } from '../../errors.ts';
import { loadPlan } from '../../plan/load.ts';
import { conditionsFor, findPhase } from '../../plan/resolve.ts';
import type { Host, Screen } from '../host.ts';
import { DEFAULT_TIMEOUT_MS } from '../run-steps.ts';
import { settingsFor, type TestFlags } from '../settings.ts';
import { planSteps, type PlannedStep } from '../steps.ts';

/** `scaleplan doctor`: everything that can be known before a run, without touching the target beyond one connection. */
export async function doctor(flags: TestFlags, host: Host): Promise<ExitCode> {
  const configured = await loadConfiguration({ cwd: host.cwd, env: host.env });
  const phase = flags.phase ?? configured.phase;
  // Whatever is wrong with a flag is told as by `test`; the phase alone may be left out here.
  const settings = await settingsFor({ ...flags, phase: phase ?? 'none' }, host);
  const patient: Patient = { ...settings, need: phase === null ? null : await needOf(settings, host.cwd) };
  const findings = await examine(patient, (finding) => { if (flags.json !== true) host.out.write(line(finding, host.out)); });
  if (flags.json) host.out.write(`${JSON.stringify(findings.map(({ exitCode: _, ...finding }) => finding), null, 2)}\n`);
  else host.out.write(`\n${conclusion(findings, phase)}\n`);
  return exitCodeOf(findings);
}

async function needOf(settings: Awaited<ReturnType<typeof settingsFor>>, cwd: string): Promise<Need> {
  const plan = await loadPlan(settings.plan, { cwd });
  const phase = findPhase(plan, settings.phase);
  const steps = await planSteps(plan, phase, settings, cwd);
  const engines = Map.groupBy(steps, ({ engine }) => engine.name);
  return {
    of: `phase ${phase.id} of ${plan.id}`,
    engines: [...engines].map(([name, own]) => ({ name, requestsPerSec: Math.max(0, ...own.map(requestsPerSec)), arrivalsPerSec: Math.max(0, ...own.map(arrivalsPerSec)) })),
    connections: Math.max(0, ...steps.map(connectionsOf)),
    conditions: settings.suites.flatMap((suite) => conditionsFor(plan, phase, suite)),
  };
}

function arrivalsPerSec({ load: { shape } }: PlannedStep): number {
  return shape.model === 'closed' ? 0 : Math.max(0, ...shape.stages.flatMap(({ arrivalsPerSec: { from, to } }) => [from, to]));
}

function requestsPerSec(step: PlannedStep): number {
  return arrivalsPerSec(step) * step.load.requestsPerArrival;
}

/** Where the target hangs, an open load goes on: everything that comes before the first time-out is open at once. */
function connectionsOf(step: PlannedStep): number {
  const { shape } = step.load;
  if (shape.model === 'closed') return Math.max(0, ...shape.stages.map(({ users }) => users));
  return Math.ceil((arrivalsPerSec(step) * (step.scenario.timeoutMs ?? DEFAULT_TIMEOUT_MS)) / 1000);
}

const NAME_WIDTH = 18;

function line({ check, status, detail, hint }: Finding, { chalk }: Screen): string {
  const mark = { ok: chalk.green('✓'), warn: chalk.yellow('!'), fail: chalk.red('✗') }[status];
  const rest = hint === null ? '' : `${' '.repeat(NAME_WIDTH + 2)}${chalk.dim(hint.replaceAll('\n', `\n${' '.repeat(NAME_WIDTH + 2)}`))}\n`;
  return `${mark} ${check.padEnd(NAME_WIDTH)}${detail}\n${rest}`;
}

function conclusion(findings: readonly Finding[], phase: string | null): string {
  const failed = findings.filter(({ status }) => status === 'fail').map(({ check }) => check);
  if (failed.length > 0) return `A run cannot be carried out as it is: ${[...new Set(failed)].join(', ')}.`;
  const warned = findings.filter(({ status }) => status === 'warn').map(({ check }) => check);
  const so = warned.length === 0 ? 'A run can be carried out.' : `A run can be carried out; mind ${warned.join(', ')}.`;
  return phase === null ? `${so} With --phase its load and thresholds are held against this machine, too.` : so;
}
