import { Command } from 'commander';
import { declareTest } from './declare/test.ts';
import { declareStress } from './declare/stress.ts';
import { declareReport } from './declare/report.ts';
import { declareDemo } from './declare/demo.ts';
import { declarePlan } from './declare/plan.ts';
import { declareEngines } from './declare/engines.ts';
import { declareCompare } from './declare/compare.ts';
import { declareDuet } from './declare/duet.ts';
import { declareBaseline } from './declare/baseline.ts';
import { declareHistory } from './declare/history.ts';
import { declareForecast } from './declare/forecast.ts';
import { declareCapacity } from './declare/capacity.ts';
import { declareWatch } from './declare/watch.ts';
import { declareDoctor } from './declare/doctor.ts';
import { declareInit } from './declare/init.ts';
import { declareCompletion } from './declare/completion.ts';
import { declareImport } from './declare/import.ts';
import type { Host } from './host.ts';
import { toolVersion } from './version.ts';

/** In the order of the help. A new command is a file in declare/, one in commands/ and a line here. */
const COMMANDS = [
  declareTest,
  declareStress,
  declareReport,
  declareImport,
  declareCompare,
  declareDuet,
  declareBaseline,
  declareHistory,
  declareWatch,
  declareDemo,
  declareForecast,
  declareCapacity,
  declarePlan,
  declareEngines,
  declareDoctor,
  declareInit,
  declareCompletion,
];

/** The command line. Each command's code is loaded when it runs: `--help` must not pay for drivers and servers. */
export function createProgram(host: Host, setExitCode: (code: number) => void): Command {
  const program = new Command('scaleplan')
    .description('Makes scaling plans executable: puts a phase’s load on a system, judges the plan’s thresholds, names the bottleneck.')
    .version(toolVersion(), '-V, --version')
    .exitOverride()
    // A flag belongs to the command it stands behind: capacity and capacity fit both know --json.
    .enablePositionalOptions()
    .configureOutput({ writeOut: host.out.write, writeErr: host.err.write, getOutHelpWidth: host.out.columns, getErrHelpWidth: host.err.columns })
    .showHelpAfterError('(scaleplan --help lists the commands and flags)')
    .helpCommand('help [command]', 'show help for a command');
  for (const declare of COMMANDS) declare(program, host, setExitCode);
  return program;
}
