import { Option } from 'commander';
import type { Command } from 'commander';
import type { Host } from '../host.ts';

/** `scaleplan test`: its flags and help; its recipe is loaded when it runs. */
export function declareTest(program: Command, host: Host, setExitCode: (code: number) => void): void {
  program.command('test')
    .description('run a phase’s scenarios, judge, diagnose, report')
    .option('--plan <id|file>', 'plan to test (default: the configuration’s, else ventures)')
    .option('--phase <id>', 'phase of the plan')
    .option('-t, --target <url>', 'system to load; without it the bundled reference application is started')
    .addOption(new Option('--demo <bottleneck>', 'run against the reference application with this bottleneck').conflicts('target'))
    .option('--suite <name...>', 'suites to run (default: unit load)')
    .option('--scenario <name|file...>', 'a scenario of the plan by its name, or a file in place of the plan’s')
    .option('--engine <name>', 'engine for every step that it can run')
    .addOption(new Option('--profile <name>', 'how long and how much (default: quick, the shortest that can decide)').choices(['quick', 'documented', 'as-written']))
    .option('--duration <time>', 'judged duration of the load suite, e.g. 60s or 5m')
    .option('--users <n>', 'users of the plan that the load stands for')
    .option('--rate <n>', 'requests per second of the load suite')
    .option('--shape <shape>', 'how the load moves: ramp 10-100 %, steps 25, 50, 100 % for 60 s, spike 300 % for 30 s, soak 4 h, replay traffic.csv')
    .option('--probe <kind=address...>', 'servers to read, e.g. redis=redis://127.0.0.1:6379')
    .option('--reporter <name...>', 'terminal, json, csv, html, junit, markdown, github, gitlab, or a module of your own (default: terminal csv html junit markdown)')
    .option('-o, --output <dir>', 'folder for runs (default: reports)')
    .option('--allow-target <host...>', 'a host beyond loopback and private addresses that is yours to load')
    .option('--baseline <run|name>', 'hold the run against earlier ones: a folder, an id, or a name of scaleplan baseline')
    .option('--accept-noise', 'let the point estimate decide where the limit lies between the bounds')
    .option('--during <experiment>', 'do this to the target behind the judged part of the load, and judge what users felt, the way back and the data: one of the reference application’s (kill-instance, database-latency, memory-leak), or of the configuration’s')
    .option('--write <request>', 'with --during: a write of your target, e.g. "POST /orders", counted after the experiment')
    .option('--write-body <json>', 'its body, with {{ writeId }} in it')
    .option('--check-url <url>', 'counts writes: takes {"ids":[…]}, answers {"counts":{"<id>":n}}')
    .option('--check-sql <statement>', 'counts writes: gets the ids as $1, answers with columns id and count')
    .option('--check-database <url>', 'PostgreSQL for --check-sql')
    .option('--dry-run', 'say what would run, and how long, and stop')
    .option('--json', 'print the report as JSON on stdout')
    .option('-q, --quiet', 'no progress')
    .addHelpText('after', `
Examples:
  scaleplan test --phase 2
  scaleplan test --phase 2 --target http://127.0.0.1:3000 --probe node=http://127.0.0.1:3000/metrics
  scaleplan test --phase 2 --demo db-connections
  scaleplan test --plan stolen-tee --phase 1 --during kill-instance
  scaleplan test --phase 2 --suite load --duration 60s --json`)
    .action(async (flags) => setExitCode(await (await import('../commands/test.ts')).test(flags, host)));
}
