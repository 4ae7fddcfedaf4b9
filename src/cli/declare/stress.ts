import { Option } from 'commander';
import type { Command } from 'commander';
import type { Host } from '../host.ts';

/** `scaleplan stress`: its flags and help; its recipe is loaded when it runs. */
export function declareStress(program: Command, host: Host, setExitCode: (code: number) => void): void {
  program.command('stress')
    .description('raise the load to the breaking point, watch the recovery, count the writes')
    .option('--plan <id|file>', 'plan whose thresholds must hold (default: the configuration’s, else ventures)')
    .option('--phase <id>', 'phase of the plan')
    .option('-t, --target <url>', 'system to load; without it the bundled reference application is started')
    .addOption(new Option('--demo <bottleneck>', 'search the reference application with this bottleneck').conflicts('target'))
    .option('--scenario <name|file...>', 'a scenario file instead of the plan’s load scenario, or its name')
    .option('--engine <name>', 'engine that makes the load')
    .addOption(new Option('--by <what>', 'raise requests per second, or users at the same time (default: rate; users with autocannon)').choices(['rate', 'users']))
    .option('--from <load>', 'load of the first stage (default: half of the phase’s rate, or one user)')
    .option('--to <load>', 'nothing is tried above this')
    .option('--budget <time>', 'time for all of it (default: 6m)')
    .option('--stop-at <limit>', 'end a stage at once at this harm: errors=10% or p95=5s (default: errors=50%)')
    .option('--health <url>', 'end everything once this URL says no, asked every second')
    .option('--write <request>', 'a write of your target, e.g. "POST /orders", counted after the overload')
    .option('--write-body <json>', 'its body, with {{ writeId }} in it')
    .option('--check-url <url>', 'counts writes: takes {"ids":[…]}, answers {"counts":{"<id>":n}}')
    .option('--check-sql <statement>', 'counts writes: gets the ids as $1, answers with columns id and count')
    .option('--check-database <url>', 'PostgreSQL for --check-sql')
    .option('--probe <kind=address...>', 'servers to read, e.g. redis=redis://127.0.0.1:6379')
    .option('--reporter <name...>', 'terminal, json, csv, html, junit, markdown, github, gitlab, or a module of your own (default: terminal csv html junit markdown)')
    .option('-o, --output <dir>', 'folder for runs (default: reports)')
    .option('--allow-target <host...>', 'a host beyond loopback and private addresses that is yours to load')
    .option('--json', 'print the report as JSON on stdout')
    .option('-q, --quiet', 'no progress')
    .addHelpText('after', `
Exit codes: 0 the phase’s load is carried, 1 it is not, writes were lost or the target
did not come back, 4 it cannot be told.

Examples:
  scaleplan stress --phase 2 --demo db-connections
  scaleplan stress --phase 2 --target http://127.0.0.1:3000 --probe node=http://127.0.0.1:3000/metrics --stop-at errors=10%
  scaleplan stress --phase 2 --target http://127.0.0.1:3000 --by users --engine autocannon --budget 4m`)
    .action(async (flags) => setExitCode(await (await import('../commands/stress.ts')).stress(flags, host)));
}
