import { Command, Option } from 'commander';
import type { Host } from './host.ts';
import { toolVersion } from './version.ts';

/** The command line. Each command's code is loaded when it runs: `--help` must not pay for drivers and servers. */
export function createProgram(host: Host, setExitCode: (code: number) => void): Command {
  const program = new Command('scaleplan')
    .description('Makes scaling plans executable: puts a phase’s load on a system, judges the plan’s thresholds, names the bottleneck.')
    .version(toolVersion(), '-V, --version')
    .exitOverride()
    .configureOutput({ writeOut: host.out.write, writeErr: host.err.write, getOutHelpWidth: host.out.columns, getErrHelpWidth: host.err.columns })
    .showHelpAfterError('(scaleplan --help lists the commands and flags)')
    .helpCommand('help [command]', 'show help for a command');
  addTest(program, host, setExitCode);
  addReport(program, host, setExitCode);
  addDemo(program, host, setExitCode);
  addPlan(program, host, setExitCode);
  return program;
}

function addTest(program: Command, host: Host, setExitCode: (code: number) => void): void {
  program.command('test')
    .description('run a phase’s scenarios, judge, diagnose, report')
    .option('--plan <id|file>', 'plan to test (default: the configuration’s, else ventures)')
    .option('--phase <id>', 'phase of the plan')
    .option('-t, --target <url>', 'system to load; without it the bundled reference application is started')
    .addOption(new Option('--demo <bottleneck>', 'run against the reference application with this bottleneck').conflicts('target'))
    .option('--suite <name...>', 'suites to run (default: unit load)')
    .option('--scenario <name|file...>', 'scenario files instead of the plan’s, or journeys of them')
    .option('--engine <name>', 'engine for every step that it can run')
    .addOption(new Option('--profile <name>', 'how long and how much (default: quick, the shortest that can decide)').choices(['quick', 'documented', 'as-written']))
    .option('--duration <time>', 'judged duration of the load suite, e.g. 60s or 5m')
    .option('--users <n>', 'users of the plan that the load stands for')
    .option('--rate <n>', 'requests per second of the load suite')
    .option('--probe <kind=address...>', 'servers to read, e.g. redis=redis://127.0.0.1:6379')
    .option('--reporter <name...>', 'terminal, json, csv, html (default: terminal csv html)')
    .option('-o, --output <dir>', 'folder for runs (default: reports)')
    .option('--allow-target <host...>', 'a host beyond loopback and private addresses that is yours to load')
    .option('--accept-noise', 'let the point estimate decide where the limit lies between the bounds')
    .option('--dry-run', 'say what would run, and how long, and stop')
    .option('--json', 'print the report as JSON on stdout')
    .option('-q, --quiet', 'no progress')
    .addHelpText('after', `
Examples:
  scaleplan test --phase 2
  scaleplan test --phase 2 --target http://127.0.0.1:3000 --probe node=http://127.0.0.1:3000/metrics
  scaleplan test --phase 2 --demo db-connections
  scaleplan test --phase 2 --suite load --duration 60s --json`)
    .action(async (flags) => setExitCode(await (await import('./commands/test.ts')).test(flags, host)));
}

function addReport(program: Command, host: Host, setExitCode: (code: number) => void): void {
  program.command('report [run]')
    .description('judge a saved run again, offline (default: the newest)')
    .option('--plan <id|file>', 'judge by another plan')
    .option('--reporter <name...>', 'terminal, json, csv, html (default: terminal csv html)')
    .option('-o, --output <dir>', 'folder of the runs (default: reports)')
    .option('--accept-noise', 'let the point estimate decide where the limit lies between the bounds')
    .option('--json', 'print the report as JSON on stdout')
    .action(async (run, flags) => setExitCode(await (await import('./commands/report.ts')).report(run, flags, host)));
}

function addDemo(program: Command, host: Host, setExitCode: (code: number) => void): void {
  program.command('demo')
    .description('start the bundled reference application and print its addresses; Ctrl-C ends it')
    .option('--bottleneck <id>', 'with this bottleneck, for real')
    .action(async (flags) => setExitCode(await (await import('./commands/demo.ts')).demo(flags, host)));
}

function addPlan(program: Command, host: Host, setExitCode: (code: number) => void): void {
  const plan = program.command('plan').description('look at plans');
  plan.command('list').description('the plans that ship with scaleplan')
    .option('--json', 'as JSON')
    .action(async (flags) => setExitCode(await (await import('./commands/plan.ts')).listPlans(flags, host)));
  plan.command('show [plan]').description('one plan, or one phase of it')
    .option('--phase <id>', 'this phase alone')
    .option('--metrics', 'the metrics a condition may name')
    .option('--json', 'as JSON')
    .action(async (id, flags) => setExitCode(await (await import('./commands/plan.ts')).showPlan(id, flags, host)));
  plan.command('check <file>').description('check a plan file; errors with file:line:col')
    .option('--json', 'as JSON')
    .action(async (file, flags) => setExitCode(await (await import('./commands/plan.ts')).checkPlan(file, flags, host)));
}
