import type { Command } from 'commander';
import type { Host } from '../host.ts';

/** `scaleplan watch`: its flags and help; its recipe is loaded when it runs. */
export function declareWatch(program: Command, host: Host, setExitCode: (code: number) => void): void {
  program.command('watch')
    .description('judge the plan’s triggers and alerts (else its symptoms) against live servers, with their durations; makes no load')
    .option('--plan <id|file>', 'plan whose triggers and alerts are judged (default: the configuration’s, else ventures)')
    .option('--phase <id>', 'the triggers of this phase, too')
    .option('--probe <kind=address...>', 'servers to read, e.g. redis=redis://127.0.0.1:6379 (default: the configuration’s)')
    .option('--once', 'look for 13 seconds (until ten readings are there, a minute at most), or --duration, say how each stands, and stop')
    .option('--duration <time>', 'stop after this time, e.g. 15m (default: at Ctrl-C)')
    .option('--json', 'a line of JSON for each change, or each condition with --once')
    .option('-q, --quiet', 'do not name what these probes cannot read')
    .addHelpText('after', `
Exit codes: 0 all is quiet, 1 something fires, 4 something that a probe should read is not known.

Examples:
  scaleplan watch --probe host=local postgres=postgres://scaleplan@127.0.0.1:5432/shop
  scaleplan watch --plan ./plan.yaml --once --json
  scaleplan watch --plan walls --phase 2 --probe prometheus=http://127.0.0.1:9090 --duration 1h`)
    .action(async (flags) => setExitCode(await (await import('../commands/watch.ts')).watch(flags, host)));
}
