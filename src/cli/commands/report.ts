import { join, relative, resolve } from 'node:path';
import { loadConfiguration } from '../../config/load.ts';
import { ScaleplanError, type ExitCode } from '../../errors.ts';
import { loadPlan } from '../../plan/load.ts';
import { findPhase } from '../../plan/resolve.ts';
import { DEFAULT_REPORTERS, reportersNamed } from '../../reporters/registry.ts';
import { newestRun, readRun } from '../../run/read.ts';
import { writeWhole } from '../../run/store.ts';
import { assess } from '../assess.ts';
import { deliver } from '../deliver.ts';
import type { Host } from '../host.ts';
import { toolVersion } from '../version.ts';
import { oneRunFolder } from '../saved-runs.ts';
import { readBaseline, withoutItself } from '../with-baseline.ts';

interface ReportFlags {
  readonly plan?: string;
  readonly reporter?: readonly string[];
  readonly output?: string;
  readonly acceptNoise?: boolean;
  readonly baseline?: string;
  readonly json?: boolean;
}

/** `scaleplan report`: enters the straight line of `test` at "judge", with the facts of a saved run. */
export async function report(path: string | undefined, flags: ReportFlags, host: Host): Promise<ExitCode> {
  const configured = await loadConfiguration({ cwd: host.cwd, env: host.env });
  const output = flags.output === undefined ? configured.output : resolve(host.cwd, flags.output);
  const folder = path === undefined ? newestRun(output) : oneRunFolder(path, output, host.cwd);
  const reporterNames = flags.reporter ?? configured.reporters ?? DEFAULT_REPORTERS;
  const reporters = await reportersNamed(flags.json ? [...reporterNames.filter((name) => name !== 'terminal'), 'json'] : reporterNames, host.cwd);
  const saved = await readRun(folder);
  const run = flags.acceptNoise === undefined ? saved : { ...saved, acceptNoise: flags.acceptNoise };
  const plan = await loadPlan(flags.plan ?? planOf(run.plan), { cwd: host.cwd });
  const phase = findPhase(plan, run.plan.phase);
  const named = await readBaseline({ flag: flags.baseline, configured: configured.baseline }, output, { cwd: host.cwd, say: (text) => { host.err.write(`${text}\n`); } });
  const baseline = withoutItself(named, run);
  if (flags.baseline !== undefined && named !== null && baseline === null) throw new ScaleplanError('wrong-usage', `The run ${run.id} is its own baseline.`, { hint: 'Name an earlier one, or another run to report.' });
  const assessed = assess(run, plan, phase, { folder: relative(host.cwd, folder) || folder, toolVersion: toolVersion(), baseline });
  await deliver(assessed, reporters, { write: (name, text) => writeWhole(join(folder, name), text) }, host);
  return assessed.exitCode as ExitCode;
}

/** A bundled plan by its id, wherever this installation keeps it; a user's own by its file. */
function planOf({ id, file }: { readonly id: string; readonly file: string }): string {
  return /[/\\]thresholds[/\\][^/\\]+\.yaml$/.test(file) ? id : file;
}
