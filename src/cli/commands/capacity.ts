import { capacityOf } from '../../capacity/capacity.ts';
import { answerFrom, type GivenValues } from '../../capacity/given-values.ts';
import type { Answer } from '../../capacity/walk.ts';
import { loadConfiguration } from '../../config/load.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import { judge } from '../../judge/judge.ts';
import { comparisonsOf, type Condition } from '../../model/condition.ts';
import type { Run } from '../../model/run.ts';
import { loadPlan } from '../../plan/load.ts';
import { findPhase } from '../../plan/resolve.ts';
import { readRun } from '../../run/read.ts';
import { capacityTable } from '../capacity-table.ts';
import { figureFlag, valuesFrom } from '../figure-flags.ts';
import type { Host } from '../host.ts';
import { oneRunFolder } from '../saved-runs.ts';
import { DEFAULT_PLAN, sayDefaultPlan } from './plan.ts';

/** The flags of `capacity` as the command line delivers them. */
interface CapacityFlags {
  readonly plan?: string;
  readonly phase?: string;
  readonly instances?: string;
  readonly connections?: string;
  readonly limit?: string;
  readonly requestsPerConnection?: string;
  readonly margin?: string;
  readonly rate?: string;
  readonly latency?: string;
  readonly responseTime?: string;
  readonly cpu?: string;
  readonly errorRate?: string;
  readonly value?: readonly string[];
  readonly from?: string;
  readonly json?: boolean;
}

/** `scaleplan capacity`: the plan's arithmetic on the user's figures, and its decision trees on given or measured values. */
export async function capacity(flags: CapacityFlags, host: Host): Promise<ExitCode> {
  const configured = await loadConfiguration({ cwd: host.cwd, env: host.env });
  const named = flags.plan ?? configured.plan;
  if (named === null) sayDefaultPlan(host);
  const plan = await loadPlan(named ?? DEFAULT_PLAN, { cwd: host.cwd });
  const phase = flags.phase === undefined ? null : findPhase(plan, flags.phase);
  const values = valuesFrom(flags);
  const run = flags.from === undefined ? null : await readRun(oneRunFolder(flags.from, configured.output, host.cwd));
  const result = capacityOf(plan, phase, {
    ...figureFlag('instances', '--instances', flags.instances, '1'),
    ...figureFlag('connectionsPerInstance', '--connections', flags.connections, '1'),
    ...figureFlag('limit', '--limit', flags.limit, '1'),
    ...figureFlag('requestsPerConnection', '--requests-per-connection', flags.requestsPerConnection, '1'),
    ...figureFlag('marginPercent', '--margin', flags.margin, '%'),
    ...figureFlag('ratePerSec', '--rate', flags.rate, '/s'),
    ...figureFlag('latencyMs', '--latency', flags.latency, 'ms'),
  }, (question) => answerFor(question, values, run));
  host.out.write(flags.json ? `${JSON.stringify(result, null, 2)}\n` : capacityTable(result, host.out));
  return EXIT.passed;
}

/** What was given on the command line comes before what was measured. */
function answerFor(question: Condition, values: GivenValues, run: Run | null): Answer {
  const isGiven = comparisonsOf(question).some(({ metric }) => values.has(metric));
  if (run === null || isGiven) return answerFrom(values, question);
  const [verdict] = judge(run, [{ suite: 'load', conditions: [question] }], { acceptNoise: run.acceptNoise });
  const told = verdict?.reason ?? 'the run says nothing of it';
  return { holds: verdict?.status === 'fired' ? true : verdict?.status === 'not-fired' ? false : null, told };
}
