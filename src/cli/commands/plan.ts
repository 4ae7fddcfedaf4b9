import { loadConfiguration } from '../../config/load.ts';
import { EXIT, ScaleplanError, type ExitCode } from '../../errors.ts';
import { METRICS } from '../../model/metrics.ts';
import { listPlans as bundledPlans } from '../../plan/list.ts';
import { loadPlan } from '../../plan/load.ts';
import { findPhase } from '../../plan/resolve.ts';
import { planJsonSchema } from '../../plan/schema.ts';
import { showPlan as planJson } from '../../plan/show.ts';
import type { Host } from '../host.ts';
import { phaseTable } from '../phase-table.ts';
import { planTable } from '../plan-table.ts';

/** The plan that commands fall back to; the output says so. */
export const DEFAULT_PLAN = 'ventures';

/** On stderr: what is asked for stays alone on stdout. */
export function sayDefaultPlan(host: Host): void {
  host.err.write(`No plan was named: this is the bundled plan ${DEFAULT_PLAN}.\n`);
}

export async function listPlans(flags: { readonly json?: boolean }, host: Host): Promise<ExitCode> {
  const plans = await Promise.all((await bundledPlans()).map((id) => loadPlan(id, { cwd: host.cwd })));
  if (flags.json) {
    print(plans.map(({ id, title, source, phases }) => ({ id, title, source, phases: phases.map((phase) => phase.id) })), host);
  } else {
    for (const { id, title, phases } of plans) host.out.write(`${id.padEnd(12)} ${title} (phases ${phases.map((phase) => phase.id).join(', ')})\n`);
  }
  return EXIT.passed;
}

interface ShowFlags {
  readonly phase?: string;
  readonly metrics?: boolean;
  readonly json?: boolean;
}

export async function showPlan(id: string | undefined, flags: ShowFlags, host: Host): Promise<ExitCode> {
  if (flags.metrics) return showMetrics(flags, host);
  const named = id ?? (await loadConfiguration({ cwd: host.cwd, env: host.env })).plan;
  if (named === null) sayDefaultPlan(host);
  const plan = await loadPlan(named ?? DEFAULT_PLAN, { cwd: host.cwd });
  const phase = flags.phase === undefined ? null : findPhase(plan, flags.phase);
  if (flags.json) {
    const whole = planJson(plan);
    const phases = whole['phases'] as readonly { readonly id: string }[];
    print(phase ? { ...whole, phases: phases.filter((one) => one.id === phase.id) } : whole, host);
  } else {
    host.out.write(phase ? phaseTable(plan, phase, host.out) : planTable(plan, host.out));
  }
  return EXIT.passed;
}

function showMetrics(flags: ShowFlags, host: Host): ExitCode {
  const rows = [...METRICS].filter(([, metric]) => metric.writable).map(([name, { unit, better, meaning, from }]) => ({ name, unit, better, meaning, from }));
  if (flags.json) print(rows, host);
  else for (const { name, unit, meaning, from } of rows) host.out.write(`${name.padEnd(30)} ${unit.padEnd(4)} ${meaning}${from.length > 0 ? ` [${from.join(', ')}]` : ' [for people to judge]'}\n`);
  return EXIT.passed;
}

/** The JSON Schema of plan files, for editors. */
export function planSchema(host: Host): ExitCode {
  print(planJsonSchema(), host);
  return EXIT.passed;
}

/** Exit 2 with every fault of the file, each with its place. */
export async function checkPlan(file: string, flags: { readonly json?: boolean }, host: Host): Promise<ExitCode> {
  try {
    const plan = await loadPlan(file, { cwd: host.cwd });
    if (flags.json) print({ errors: [] }, host);
    else host.out.write(`${file} is a valid plan: ${plan.phases.length} phases, ${plan.milestones.length} milestones\n`);
    return EXIT.passed;
  } catch (error) {
    if (!flags.json || !(error instanceof ScaleplanError)) throw error;
    const lines = error.message.split('\n');
    const [, more] = /^… and (\d+) more$/.exec(lines.at(-1) ?? '') ?? [];
    const told = more === undefined ? lines : lines.slice(0, -1);
    print({ errors: told.map((line) => faultJson(line, file, error.hint)), ...(more === undefined ? {} : { moreErrors: Number(more) }) }, host);
    return error.exitCode;
  }
}

/** `file:line:col  message` as the contract's object. */
function faultJson(line: string, file: string, hint: string | null): Record<string, unknown> {
  const found = /^(.*?):(\d+):(\d+)\s+(.*)$/.exec(line);
  return found
    ? { file: found[1], line: Number(found[2]), column: Number(found[3]), message: found[4], hint }
    : { file, line: 1, column: 1, message: line, hint };
}

function print(value: unknown, host: Host): void {
  host.out.write(`${JSON.stringify(value, null, 2)}\n`);
}
