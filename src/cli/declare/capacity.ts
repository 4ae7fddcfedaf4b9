import type { Command } from 'commander';
import type { Host } from '../host.ts';

/** `scaleplan capacity`: its flags and help; its recipe is loaded when it runs. */
export function declareCapacity(program: Command, host: Host, setExitCode: (code: number) => void): void {
  // The same flag stands on the subcommand, too: whoever comes last is meant.
  const command = program.command('capacity').enablePositionalOptions()
    .description('the plan’s arithmetic: load, connections, users at the same time, decisions')
    .option('--plan <id|file>', 'plan whose figures are used where none are given')
    .option('--phase <id>', 'one phase, with the figures of its architecture')
    .option('--instances <n>', 'instances of the application, at their most: 5 or 3-5')
    .option('--connections <n>', 'database connections that each instance holds')
    .option('--limit <n>', 'connections that the database accepts: 20 or 15-20')
    .option('--requests-per-connection <n>', 'requests that a connection serves at the same time')
    .option('--margin <share>', 'share to keep free, as in 20%')
    .option('--rate <rate>', 'requests per second, as in 33.3/s or 2000/min')
    .option('--latency <time>', 'mean time of a request, as in 300ms')
    .option('--response-time <time>', 'for the questions of decision trees')
    .option('--cpu <share>', 'for the questions of decision trees')
    .option('--error-rate <share>', 'for the questions of decision trees')
    .option('--value <metric=value...>', 'any other metric that a question asks for')
    .option('--from <run>', 'answer the questions from a saved run')
    .option('--json', 'print it as JSON on stdout')
    .addHelpText('after', `
Examples:
  scaleplan capacity --plan stolen-tee
  scaleplan capacity --instances 5 --connections 5 --limit 15-20
  scaleplan capacity --instances 5 --connections 5 --requests-per-connection 20 --margin 20%
  scaleplan capacity --rate 2000/min --latency 300ms
  scaleplan capacity --plan stolen-tee --response-time 1.2s --cpu 75% --error-rate 0.5%`)
    .action(async (flags) => setExitCode(await (await import('../commands/capacity.ts')).capacity(flags, host)));
  command.command('fit <file>')
    .description('the scalability law (USL) fitted to a table of load and throughput, from any tool')
    .option('--json', 'print it as JSON on stdout')
    .addHelpText('after', `
The file is a CSV with a header that names the columns load and throughput, in any order, beside any others.
Example:
  scaleplan capacity fit measured.csv`)
    .action(async (file, flags) => setExitCode(await (await import('../commands/capacity-fit.ts')).capacityFit(file, flags, host)));
}
